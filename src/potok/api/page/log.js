// The log of one attempt: opened at its first error line, followed while it runs. Bounded in the page.

import { lines, taskPath } from "./api.js";
import { h, replace } from "./dom.js";
import { number, t } from "./words.js";

const SHOWN_MAX = 3000;
const FIRST = 500;
const AT_END_PX = 40;

/** Shows the log of `attempt` in `element` until `stop` is called. `attempt` is as the API gives it. */
export function showLog(element, runId, taskId, attempt) {
  const abort = new AbortController();
  let shown = 0;
  let follows = true;
  let firstError = null;
  const isRunning = attempt.outcome === null;
  const begin = new Date(attempt.started_at ?? attempt.created_at);
  element.onscroll = () => { follows = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END_PX; };

  const row = (entry) => {
    const level = entry.level.toLowerCase();
    const isError = level === "error" || level === "critical" || /^Traceback \(most recent call last\)/.test(entry.msg);
    const kind = isError ? "error-line" : level;
    const offset = number(Math.max(0, Math.round((new Date(entry.at) - begin) / 10) / 100));
    const made = h("div", { class: kind }, h("span", { class: "t" }, offset), h("span", {}, entry.msg));
    if (isError && !firstError) firstError = made;
    return made;
  };
  const add = (entries) => {
    element.append(...entries.map(row));
    shown += entries.length;
    while (shown > SHOWN_MAX) {
      element.querySelector("div").remove();
      shown -= 1;
    }
    if (isRunning && follows) element.scrollTop = element.scrollHeight;
  };
  const load = async (offset) => {
    const query = { attempt: attempt.try_number, offset, follow: isRunning ? 1 : undefined };
    await lines(taskPath(runId, taskId) + "/logs", query, abort.signal, add);
  };
  const finish = () => {
    if (!shown) replace(element, h("p", { class: "note" }, t.noLog));
    if (attempt.log_lines_lost) element.append(h("p", { class: "note" }, t.lost(attempt.log_lines_lost)));
    if (!isRunning) jump();
  };
  const jump = () => {
    if (firstError) element.scrollTop = firstError.offsetTop - element.offsetTop - 60;
    else element.scrollTop = element.scrollHeight;
  };
  const earlier = attempt.log_lines - FIRST;
  const header = earlier > 0
    ? [h("p", { class: "note l" }, h("a", { href: "#", onclick: (event) => { event.preventDefault(); replace(element); shown = 0; load(-SHOWN_MAX).then(finish, ignoreAbort); } }, t.earlier(earlier)))]
    : [];
  replace(element, ...header);
  load(-FIRST).then(finish, (error) => {
    if (error.name !== "AbortError") replace(element, h("p", { class: "note" }, `${t.failed} ${error.message}`));
  });
  return { stop: () => abort.abort(), jump };
}

function ignoreAbort(error) {
  if (error.name !== "AbortError") throw error;
}
