// The page: addresses to views, one live stream, one place that says what went wrong.

import { live, PREFIX, Problem, signIn } from "./api.js";
import { dagsView } from "./dags.js";
import { h, replace } from "./dom.js";
import { runView } from "./run.js";
import { clock, language, switchLanguage, t } from "./words.js";

const main = document.getElementById("main");
const says = document.getElementById("says");
const stale = document.getElementById("stale");
let view = null;
let stream = null;

/** What a view may do to the page around it. */
const page = {
  main,
  title(text) { document.title = text ? `${text} · Potok` : "Potok"; },
  go(path) {
    history.pushState(null, "", `${PREFIX}${path}`);
    show();
  },
  say(text, isBad = false) {
    replace(says, h("p", { class: isBad ? "bad" : "" }, text));
    clearTimeout(page.timer);
    page.timer = setTimeout(() => replace(says), isBad ? 12000 : 5000);
  },
  failed(error) {
    if (error.name === "AbortError") return;
    if (error instanceof Problem && error.status === 401) askToSignIn();
    else page.say(`${t.failed} ${error.message}`, true);
  },
};

function route() {
  const path = location.pathname.slice(PREFIX.length) || "/";
  const [, kind, name] = path.match(/^\/(runs|dags)\/([^/]+)$/) ?? [];
  if (kind === "runs") return runView(page, decodeURIComponent(name));
  if (path === "/" || kind === "dags") return dagsView(page, name ? decodeURIComponent(name) : null);
  return null;
}

function show() {
  view?.close();
  view = route();
  for (const link of document.querySelectorAll(".nav a")) {
    if (new URL(link.href).pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!view) {
    replace(main, h("div", { class: "lead" }, h("h1", {}, t.notFound)), h("p", {}, h("a", { class: "l", href: `${PREFIX}/`, "data-go": "" }, t.home)));
    return;
  }
  const waiting = setTimeout(() => { if (!main.hasChildNodes()) replace(main, h("p", { class: "lead mut" }, t.loading)); }, 150);
  replace(main);
  window.scrollTo(0, 0);
  view.load().then(listen, (error) => showProblem(error)).finally(() => clearTimeout(waiting));
}

function showProblem(error) {
  if (error instanceof Problem && error.status === 401) return askToSignIn();
  replace(main, h("div", { class: "lead" }, h("h1", {}, error.message)), h("p", {}, h("a", { class: "l", href: `${PREFIX}/`, "data-go": "" }, t.home)));
  return undefined;
}

function listen() {
  if (stream) return;
  stream = live({
    onBatch: (events) => view?.onEvents(events),
    onGap: () => view?.load().catch(page.failed),
    onState(isLive) {
      stale.hidden = isLive;
      if (!isLive && !stale.textContent) stale.textContent = t.notLive(clock(Date.now()));
      if (isLive) stale.textContent = "";
      // A session that ended closes the stream for good; asking for anything shows why.
      if (!isLive && stream?.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(() => view?.load().then(listen, page.failed), 2000);
      }
    },
  });
}

function askToSignIn() {
  view?.close();
  view = null;
  page.title(t.signIn);
  const field = h("input", { name: "token", type: "password", autocomplete: "current-password", "aria-label": t.token, placeholder: t.token, required: true });
  const problem = h("p", { class: "problem", role: "alert" });
  const send = (event) => {
    event.preventDefault();
    signIn(field.value).then(() => { history.replaceState(null, "", location.pathname); show(); }, (error) => { problem.textContent = error.message; });
  };
  const isExpired = new URLSearchParams(location.search).has("expired");
  replace(
    main,
    h("div", { class: "sign" },
      h("h1", {}, t.signIn),
      isExpired && h("p", { class: "problem" }, t.expired),
      h("p", { class: "two" }, t.signInHow),
      h("form", { onsubmit: send }, field, h("button", { class: "btn p" }, t.signInDo)),
      problem),
  );
  field.focus();
}

document.documentElement.lang = language;
for (const element of document.querySelectorAll("[data-text]")) element.textContent = t[element.dataset.text];
document.getElementById("theme").setAttribute("aria-label", t.theme);
const other = document.getElementById("language");
other.textContent = t.other;
other.setAttribute("aria-label", t.otherName);
other.lang = language === "ru" ? "en" : "ru";
other.addEventListener("click", switchLanguage);
addEventListener("popstate", show);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  page.go(new URL(link.href).pathname.slice(PREFIX.length));
});
show();
