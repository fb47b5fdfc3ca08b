// One run: the verdict, what can be done, the graph coloured live, and for one task its reasons, log and attempts.

import { get, id, post, PREFIX, taskPath } from "./api.js";
import { attemptsTable } from "./attempts.js";
import { h, icon, marked, replace, setIcon } from "./dom.js";
import { drawGraph } from "./graph.js";
import { showLog } from "./log.js";
import { taskList } from "./tasklist.js";
import { dated, exact, length, moment, relative, sentence, stateWord, t } from "./words.js";

const ENDED = new Set(["success", "failed", "cancelled"]);
const TASK_ENDED = new Set(["success", "failed", "skipped", "upstream_failed", "cancelled"]);
const GRAPH_TASKS_MAX = 300;
const EXPLAIN_AFTER_MS = 400;

export function runView(page, runId) {
  let run = null;
  let why = null;
  let graph = null;
  let selected = new URLSearchParams(location.search).get("task");
  let chosen = selected !== null;
  let log = null;
  let attempts = [];
  let shownTry = null;
  let closed = false;
  let timer = null;
  const tasks = new Map();
  const drawings = [];
  const crumb = h("div", { class: "crumb" });
  const mark = icon("queued", { size: "b", label: " " });
  const title = h("h1", {});
  const second = h("p", { class: "why m", hidden: true });
  const actions = h("div", { class: "acts" });
  const factsList = h("dl", { class: "facts" });
  const head = [crumb, h("section", { class: "verdict" }, mark, title, second, actions), factsList];
  const streamCard = h("section", { class: "card" });
  const taskHead = h("div", { class: "hd" });
  const reasons = h("div", {});
  const logBox = h("div", { class: "log", tabindex: 0 });
  const attemptsCard = h("section", { class: "card" });
  const ticker = setInterval(() => { if (run && !ENDED.has(run.state)) { drawHead(); paintRunning(); } }, 1000);

  async function load() {
    run = await get(`/runs/${id(runId)}`);
    const [view, explanation, instances] = await Promise.all([
      get(`/dags/${id(run.dag_id)}`, { bundle: run.bundle }), get(`/runs/${id(runId)}/explain`), allTasks(runId),
    ]);
    if (closed) return;
    why = explanation;
    graph = view.graph;
    for (const task of instances) tasks.set(task.task_id, task);
    replace(page.main, head, streamCard,
      h("div", { class: "cols" }, h("section", { class: "card" }, taskHead, reasons, logBox), attemptsCard));
    drawStream();
    drawHead();
    await select(selected && tasks.has(selected) ? selected : interesting());
  }

  /** The task that a person wants to see first. */
  function interesting() {
    const all = [...tasks.values()];
    const root = why.roots.find((one) => tasks.has(one.task_id));
    return root?.task_id ?? all.find((task) => task.state === "running")?.task_id
      ?? all.findLast((task) => task.state === "success")?.task_id ?? all[0]?.task_id;
  }

  // --- head -------------------------------------------------------------------------------------------------
  /** The verdict, with what the page knows better than the last answer did. */
  function verdictNow() {
    if (why.verdict.code !== "run_running") return sentence(why.verdict);
    const all = [...tasks.values()];
    const now = all.filter((task) => task.state === "running").map((task) => task.task_id);
    const done = all.filter((task) => TASK_ENDED.has(task.state)).length;
    const values = { for_s: (Date.now() - new Date(run.started_at)) / 1000, done, total: all.length, tasks: now };
    return sentence({ ...why.verdict, values });
  }

  /** Only texts are exchanged: a button that is taken away between press and release is never clicked. */
  function drawHead() {
    const verdict = verdictNow();
    page.title(`${verdict.replaceAll("`", "")} · ${run.dag_id}`);
    const error = why.roots[0]?.error;
    second.textContent = error ? `${error.kind}: ${error.message.split("\n")[0]}` : "";
    second.hidden = !error;
    setIcon(mark, run.state);
    mark.setAttribute("aria-label", stateWord(run.state));
    replace(title, marked(verdict));
    replace(factsList, facts());
    if (crumb.hasChildNodes()) return;
    replace(crumb, h("a", { href: `${PREFIX}/dags/${id(run.dag_id)}`, "data-go": "" }, run.dag_id), h("span", {}, "/"),
      h("span", {}, t.runOf(dated(run.logical_date))));
  }

  function facts() {
    const now = Date.now();
    const took = run.started_at ? (new Date(run.ended_at ?? now) - new Date(run.started_at)) / 1000 : null;
    const fact = (name, value, small) => h("div", {}, h("dt", {}, name), h("dd", {}, value, small && h("small", {}, ` ${small}`)));
    const { total, success, failed, skipped, upstream_failed: blocked, cancelled } = run.counts;
    const ended = success + failed + skipped + blocked + cancelled;
    return [
      fact(t.state, stateWord(run.state)),
      run.started_at && fact(t.started, h("span", { title: exact(run.started_at) }, moment(run.started_at)), relative(run.started_at)),
      took !== null && fact(t.took, length(took)),
      fact(t.done, `${ended} ${t.of} ${total}`, failed ? `${stateWord("failed")}: ${failed}` : ""),
      fact(t.by, t.trigger_kind[run.trigger] ?? run.trigger, run.triggered_by),
      fact(t.code, h("span", { class: "m", title: run.bundle }, run.bundle.slice(0, 8))),
      run.note && fact(t.note, run.note)];
  }

  /** The price of a retry is asked for before the click; a cancel is asked for twice. */
  async function drawActions() {
    if (!ENDED.has(run.state)) {
      const cancel = h("button", { class: "btn", type: "button", onclick: () => replace(actions,
        h("button", { class: "btn bad", type: "button", onclick: () => act("cancel") }, t.reallyCancel),
        h("button", { class: "btn", type: "button", onclick: drawActions }, t.keep)) }, t.cancel);
      replace(actions, cancel);
      return;
    }
    if (run.state === "success") { replace(actions); return; }
    let price = null;
    try { price = await post(`/runs/${id(runId)}/retry`, { dry_run: true }); } catch { /* then there is nothing to retry */ }
    replace(actions, price?.tasks.length > 0 && [
      h("button", { class: "btn p", type: "button", onclick: () => act("retry") }, t.retry),
      h("span", { class: "cost" }, t.retryPrice(price.tasks.length, price.kept))]);
  }

  async function act(name) {
    for (const button of actions.querySelectorAll("button")) button.disabled = true;
    try {
      ({ run } = await post(`/runs/${id(runId)}/${name}`));
      chosen = false;
      await load();
    } catch (error) { page.failed(error); drawActions(); }
  }

  // --- stream -----------------------------------------------------------------------------------------------
  function drawStream() {
    drawings.length = 0;
    const onSelect = (taskId) => { chosen = true; select(taskId).catch(page.failed); };
    const list = taskList(graph.tasks, onSelect);
    drawings.push(list);
    let body = list.element;
    if (graph.tasks.length <= GRAPH_TASKS_MAX) {
      const drawn = drawGraph(graph.tasks, graph.edges, page.main.clientWidth - 82, onSelect);
      drawings.push(drawn);
      body = [h("div", { class: "graph" }, drawn.element), h("div", { class: "graph-list" }, list.element)];
    }
    const title = h("h2", {}, run.state === "failed" ? t.streamStopped : t.stream);
    replace(streamCard, h("div", { class: "hd" }, title, h("span", { class: "sub" }, t.tasks(graph.tasks.length))), body);
    for (const task of tasks.values()) paint(task);
    for (const drawing of drawings) {
      drawing.connect();
      if (selected) drawing.select(selected);
    }
    drawActions();
  }

  function paint(task) {
    for (const drawing of drawings) drawing.paint(task.task_id, task.state, words(task));
  }

  function paintRunning() {
    for (const task of tasks.values()) if (task.state === "running") paint(task);
  }

  // --- one task ---------------------------------------------------------------------------------------------
  async function select(taskId) {
    if (!taskId) return;
    selected = taskId;
    for (const drawing of drawings) drawing.select(taskId);
    if (chosen) history.replaceState(null, "", `${location.pathname}?task=${id(taskId)}`);
    const { items } = await get(`${taskPath(runId, taskId)}/attempts`);
    if (closed || selected !== taskId) return;
    attempts = items;
    showTry(items.at(-1) ?? null);
  }

  function showTry(attempt) {
    log?.stop();
    shownTry = attempt;
    const task = tasks.get(selected);
    const tries = attempts.length > 1 && h("div", { class: "seg" }, attempts.map((one) =>
      h("button", { type: "button", "aria-pressed": String(one === attempt), onclick: () => showTry(one) }, `${t.tries} ${one.try_number}`)));
    const jump = attempt?.error && attempt.log_lines > 0 && h("button", { class: "btn g sm", type: "button", onclick: () => log?.jump() }, t.jump);
    replace(taskHead, h("h2", {}, `${t.log} `, h("code", {}, selected)), tries, h("span", { class: "sp" }), jump);
    drawReasons(task, attempt);
    replace(attemptsCard, attemptsTable(selected, attempts, graph.tasks.find((one) => one.task_id === selected)));
    if (attempt) log = showLog(logBox, runId, selected, attempt);
    else replace(logBox, h("p", { class: "note" }, t.notBegun));
  }

  function drawReasons(task, attempt) {
    const told = why.tasks.find((one) => one.task_id === task.task_id)?.reasons.filter((reason) => reason.code !== "running") ?? [];
    const error = attempt?.error;
    replace(reasons,
      !error && told.length > 0 && h("div", { class: "reasons" }, told.map((reason) => h("p", {}, marked(sentence(reason))))),
      error && h("div", { class: "error" }, h("b", {}, `${error.kind}: ${error.message}`), error.location && h("div", { class: "m" }, error.location),
        error.traceback && h("details", {}, h("summary", {}, t.traceback), h("pre", {}, error.traceback))));
  }

  // --- live -------------------------------------------------------------------------------------------------
  function onEvents(events) {
    if (!run || closed) return;
    let touched = false;
    let ended = false;
    for (const event of events) {
      if (event.run_id !== runId) continue;
      touched = true;
      if (event.type === "run") {
        ended ||= ENDED.has(event.state) !== ENDED.has(run.state);
        patchRun(run, event);
      } else patchTask(event);
    }
    if (!touched) return;
    for (const drawing of drawings) drawing.connect();
    drawHead();
    if (ended) drawStream();
    clearTimeout(timer);
    timer = setTimeout(() => refreshWhy().catch(page.failed), ended ? 0 : EXPLAIN_AFTER_MS);
  }

  function patchTask(event) {
    const task = tasks.get(event.task_id);
    if (!task) return;
    const at = new Date(event.at * 1000).toISOString();
    if (event.state === "running" && (task.state !== "running" || task.try_number !== event.try_number)) Object.assign(task, { started_at: at, ended_at: null });
    if (task.state === "running" && event.state !== "running") task.ended_at = at;
    Object.assign(task, { state: event.state, try_number: event.try_number });
    paint(task);
    if (task.task_id === selected && (event.state !== "running" || shownTry?.try_number !== event.try_number)) select(selected).catch(page.failed);
    // An untouched page goes along with the stream.
    else if (!chosen && event.state === "running" && tasks.get(selected)?.state !== "running") select(event.task_id).catch(page.failed);
  }

  async function refreshWhy() {
    why = await get(`/runs/${id(runId)}/explain`);
    if (closed) return;
    drawHead();
    if (ENDED.has(run.state) && !chosen && why.roots[0] && why.roots[0].task_id !== selected) await select(why.roots[0].task_id);
    else if (selected) drawReasons(tasks.get(selected), shownTry);
  }

  return { load, onEvents, close() { closed = true; clearInterval(ticker); clearTimeout(timer); log?.stop(); } };
}

async function allTasks(runId) {
  const items = [];
  let cursor = null;
  do {
    const part = await get(`/runs/${id(runId)}/tasks`, { limit: 1000, cursor });
    items.push(...part.items);
    cursor = part.next_cursor;
  } while (cursor !== null);
  return items;
}

function patchRun(run, event) {
  const at = new Date(event.at * 1000).toISOString();
  if (event.state !== "queued") run.started_at ??= at;
  run.ended_at = ENDED.has(event.state) ? run.ended_at ?? at : null;
  Object.assign(run, { state: event.state, counts: event.counts });
}

/** What stands under a task's name: how long it took, or its state. */
function words(task) {
  const tries = task.try_number > 1 ? ` · ${t.tries.toLowerCase()} ${task.try_number} ${t.of} ${task.max_tries}` : "";
  if (task.state === "running" || ((task.state === "success" || task.state === "failed") && task.started_at)) {
    const took = (new Date(task.ended_at ?? Date.now()) - new Date(task.started_at)) / 1000;
    return `${length(Math.max(0, took))}${tries}`;
  }
  return stateWord(task.state) + tries;
}
