// The attempts of one task instance as a table, and what the DAG says of the task.

import { h, icon, marked } from "./dom.js";
import { clock, exact, length, number, stateWord, t } from "./words.js";

const SHAPES = { success: "success", failed: "failed", skipped: "skipped", cancelled: "cancelled" };

export function attemptsTable(taskId, attempts, task) {
  const cells = (one) => h("tr", {},
    h("td", {}, one.try_number),
    h("td", { class: "nw" }, one.started_at && h("span", { title: exact(one.started_at) }, clock(one.started_at))),
    h("td", { class: "r nw" }, length(one.duration_s)),
    h("td", {}, h("span", { class: "word" }, icon(one.outcome === null ? "running" : SHAPES[one.outcome] ?? "failed", { size: "s" }), ending(one))),
    h("td", { class: "r nw" }, one.outcome && length(one.cpu_user_s + one.cpu_system_s)),
    h("td", { class: "r nw" }, one.rss_peak_mb > 0 && `${number(Math.round(one.rss_peak_mb))}\u00a0MB`));
  const heads = [[t.tries], [t.started], [t.took, "r"], [t.endedWith], [t.cpu, "r"], [t.memory, "r"]];
  return [
    h("div", { class: "hd" }, h("h2", {}, `${t.attempts} `, h("code", {}, taskId))),
    attempts.length === 0 && h("p", { class: "empty" }, t.notBegun),
    attempts.length > 0 && h("div", { class: "scroll" }, h("table", { class: "tbl" },
      h("thead", {}, h("tr", {}, heads.map(([text, kind]) => h("th", { class: kind }, text)))),
      h("tbody", {}, attempts.toReversed().map(cells)))),
    task && (task.doc || task.location) && h("p", { class: "facts-of" }, marked(task.doc ?? ""), task.doc && h("br"), h("span", { class: "mut m" }, task.location ?? "")),
  ];
}

function ending(one) {
  if (one.outcome === null) return stateWord("running");
  const how = one.oom ? "OOM" : one.signal_name ?? (one.exit_code ? `${t.exit} ${one.exit_code}` : "");
  return [one.error?.kind ?? stateWord(one.outcome), how].filter(Boolean).join(", ");
}
