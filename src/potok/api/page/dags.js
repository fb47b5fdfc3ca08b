// The list of DAGs: what needs a person first, then every DAG with its last runs, next start and what to do with it.

import { get, id, post, PREFIX } from "./api.js";
import { h, icon, replace } from "./dom.js";
import { dated, exact, length, moment, relative, stateWord, t } from "./words.js";

const BARS = 20;
const ENDED = new Set(["success", "failed", "cancelled"]);

export function dagsView(page, openDag) {
  let items = [];
  let broken = [];
  let cursor = null;
  let opened = openDag;
  let reload = null;
  const rows = new Map();
  const lead = h("div", { class: "lead" });
  const alerts = h("section", { class: "card", hidden: true });
  const list = h("ul", { class: "card dags" });
  const more = h("p", {});
  const ticker = setInterval(() => items.forEach((item) => rows.get(item.dag_id)?.tick()), 15000);

  async function load() {
    const [dags, errors] = await Promise.all([get("/dags", { limit: 200, runs: BARS }), get("/import-errors")]);
    items = dags.items.sort(byNeed);
    cursor = dags.next_cursor;
    broken = errors.items;
    draw();
  }

  function draw() {
    replace(page.main, lead, alerts, list, more);
    rows.clear();
    for (const item of items) rows.set(item.dag_id, dagRow(item));
    replace(list, items.length ? [...rows.values()].map((row) => row.element) : h("li", { class: "empty" }, t.noDags));
    replace(more, cursor && h("button", { class: "btn", onclick: loadMore }, t.more));
    alerts.hidden = !broken.length;
    replace(alerts, broken.map((error) => brokenFile(error, items)));
    drawLead();
  }

  function drawLead() {
    const failed = items.filter((item) => lastEnded(item)?.state === "failed").length;
    const active = items.flatMap((item) => item.last_runs).filter((run) => !ENDED.has(run.state)).length;
    const parts = [
      failed ? t.someFailed(failed, items.length) : null,
      broken.length ? t.brokenFiles(broken.length) : null,
    ].filter(Boolean);
    const verdict = parts.join("; ") || t.allFine;
    page.title(verdict);
    replace(lead, h("h1", {}, verdict), active > 0 && h("p", { class: "two" }, t.running(active)));
  }

  async function loadMore() {
    const next = await get("/dags", { limit: 200, runs: BARS, cursor });
    items.push(...next.items);
    cursor = next.next_cursor;
    draw();
  }

  function dagRow(item) {
    const element = h("li", {});
    const redraw = () => {
      replace(element, dagLine(item, opened === item.dag_id, { toggle, trigger, pause }), opened === item.dag_id && lastRuns(item));
    };
    const toggle = () => {
      opened = opened === item.dag_id ? null : item.dag_id;
      history.replaceState(null, "", `${PREFIX}${opened ? `/dags/${id(opened)}` : "/"}`);
      for (const row of rows.values()) row.redraw();
    };
    const trigger = () => triggerRun(page, item.dag_id).catch(page.failed);
    const pause = () => post(`/dags/${id(item.dag_id)}/${item.paused ? "unpause" : "pause"}`)
      .then((changed) => { Object.assign(item, changed, { last_runs: item.last_runs }); redraw(); }, page.failed);
    redraw();
    return { element, redraw, tick: () => { if (!element.contains(document.activeElement)) redraw(); } };
  }

  function onEvents(events) {
    const touched = new Set();
    for (const event of events) {
      if (event.type === "dags") {
        clearTimeout(reload);
        reload = setTimeout(() => load().catch(page.failed), 300);
      }
      if (event.type !== "run") continue;
      const item = items.find((known) => known.dag_id === event.dag_id);
      // a large run says many times a second that it still runs: a row is drawn anew when something is new in it
      if (item && patchRun(item, event)) touched.add(item.dag_id);
    }
    for (const dagId of touched) rows.get(dagId)?.redraw();
    if (touched.size) drawLead();
  }

  return { load, onEvents, close() { clearInterval(ticker); clearTimeout(reload); } };
}

const lastEnded = (item) => item.last_runs.find((run) => ENDED.has(run.state));
const needs = (item) => (item.import_error || lastEnded(item)?.state === "failed" ? 0 : 1);
const byNeed = (a, b) => needs(a) - needs(b) || a.dag_id.localeCompare(b.dag_id);

/** Takes a committed change of a run into the row, without asking the server again; whether anything is new. */
function patchRun(item, event) {
  const at = new Date(event.at * 1000).toISOString();
  let run = item.last_runs.find((known) => known.run_id === event.run_id);
  if (!run) {
    run = { run_id: event.run_id, trigger: "", logical_date: at, created_at: at, started_at: null, ended_at: null, duration_s: null };
    item.last_runs.unshift(run);
    item.last_runs.length = Math.min(item.last_runs.length, BARS);
  }
  const isNew = run.state !== event.state;
  run.state = event.state;
  if (event.state !== "queued") run.started_at ??= at;
  run.ended_at = ENDED.has(event.state) ? run.ended_at ?? at : null;
  run.duration_s = run.started_at ? (new Date(run.ended_at ?? at) - new Date(run.started_at)) / 1000 : null;
  return isNew;
}

function brokenFile(error, items) {
  const older = items.some((item) => item.file === error.file) ? ` · ${t.keepsOld}` : "";
  return h("div", { class: "alert" }, icon("import_error", { label: stateWord("failed") }),
    h("b", {}, error.location || error.file, h("span", { class: "mut" }, ` ${relative(error.at)}${older}`)),
    h("code", {}, error.message));
}

function dagLine(item, isOpen, { toggle, trigger, pause }) {
  const last = item.last_runs[0];
  const state = item.import_error ? "import_error" : last?.state ?? "scheduled";
  return h("div", { class: "dag" },
    h("span", { class: "ic" }, icon(state, { label: last ? stateWord(last.state) : t.neverRan })),
    h("div", {},
      h("button", { class: "name", type: "button", "aria-expanded": String(isOpen), onclick: toggle }, item.dag_id),
      h("div", { class: "about" }, item.tags.map((tag) => h("span", { class: "chip" }, tag)),
        item.description && h("span", { class: "text", title: item.description }, item.description))),
    h("div", { class: "bars" }, bars(item)),
    h("div", { class: "last" }, last ? [h("div", { class: "st" }, stateWord(last.state)),
      h("div", { class: "mut", title: exact(last.ended_at ?? last.created_at) }, relative(last.ended_at ?? last.created_at))] : h("div", { class: "mut" }, t.neverRan)),
    h("div", { class: "nextrun" }, nextStart(item)),
    h("button", { class: "switch", type: "button", role: "switch", "aria-checked": String(!item.paused), "aria-label": `${t.starts}: ${item.dag_id}`, onclick: pause }),
    h("button", { class: "btn sm", type: "button", onclick: trigger }, t.trigger));
}

function nextStart(item) {
  if (!item.present) return h("div", { class: "mut" }, t.gone);
  if (item.paused) return h("div", { class: "two" }, t.pausedBy(item.paused_by, item.paused_note));
  if (!item.next_run_at) return h("div", { class: "mut" }, t.byHand);
  return [h("div", {}, moment(item.next_run_at)), h("div", { class: "mut" }, `${relative(item.next_run_at)} · ${item.schedule}`)];
}

/** Oldest first. Height is length; a failed run stands at full height, so that it shows without its colour. */
function bars(item) {
  const longest = Math.max(0.001, ...item.last_runs.map((run) => run.duration_s ?? 0));
  return item.last_runs.toReversed().map((run) => {
    const bar = h("i", { class: `bar-${run.state}` });
    const share = run.state === "failed" ? 100 : 18 + 52 * ((run.duration_s ?? 0) / longest);
    bar.style.height = `${share}%`;
    const words = `${stateWord(run.state)}, ${dated(run.logical_date)}${run.duration_s === null ? "" : `, ${length(run.duration_s)}`}`;
    return h("a", { href: `${PREFIX}/runs/${id(run.run_id)}`, "data-go": "", title: words, "aria-label": words }, bar);
  });
}

function lastRuns(item) {
  const cells = (run) => h("tr", {},
    h("td", {}, h("span", { class: "word" }, icon(run.state, { size: "s" }), stateWord(run.state))),
    h("td", { class: "l" }, h("a", { href: `${PREFIX}/runs/${id(run.run_id)}`, "data-go": "" }, dated(run.logical_date))),
    h("td", { class: "nw" }, run.started_at ? moment(run.started_at) : ""),
    h("td", { class: "r nw" }, length(run.duration_s)),
    h("td", {}, t.trigger_kind[run.trigger] ?? run.trigger));
  if (!item.last_runs.length) return h("div", { class: "runs empty" }, t.neverRan);
  return h("div", { class: "runs scroll" }, h("table", { class: "tbl" },
    h("thead", {}, h("tr", {}, [t.state, t.date, t.started].map((text) => h("th", {}, text)), h("th", { class: "r" }, t.took), h("th", {}, t.by))),
    h("tbody", {}, item.last_runs.map(cells))));
}

/** Starts a run at once, or asks for params when the DAG has some; then shows the run. */
async function triggerRun(page, dagId) {
  const { graph } = await get(`/dags/${id(dagId)}`);
  const properties = Object.entries(graph.params.properties ?? {});
  if (!properties.length) {
    const run = await post(`/dags/${id(dagId)}/runs`);
    page.go(`/runs/${id(run.run_id)}`);
    return;
  }
  const defaults = Object.fromEntries(properties.map(([name, shape]) => [name, shape.default ?? null]));
  const field = h("textarea", { id: "params", spellcheck: "false" });
  field.value = JSON.stringify(defaults, null, 2);
  const note = h("input", { id: "note", maxlength: 2000 });
  const problem = h("p", { class: "problem", role: "alert" });
  const start = async (event) => {
    event.preventDefault();
    let params;
    try { params = JSON.parse(field.value); } catch { problem.textContent = t.badJson; return; }
    try {
      const run = await post(`/dags/${id(dagId)}/runs`, { params, note: note.value });
      dialog.close();
      page.go(`/runs/${id(run.run_id)}`);
    } catch (error) { problem.textContent = error.message; }
  };
  const dialog = h("dialog", { onclose: () => dialog.remove() },
    h("form", { onsubmit: start }, h("h2", {}, `${t.trigger}: ${dagId}`),
      h("label", { for: "params" }, t.params), field, h("label", { for: "note" }, t.note), note, problem,
      h("div", { class: "acts" }, h("button", { class: "btn", type: "button", onclick: () => dialog.close() }, t.close), h("button", { class: "btn p" }, t.start))));
  document.body.append(dialog);
  dialog.showModal();
}
