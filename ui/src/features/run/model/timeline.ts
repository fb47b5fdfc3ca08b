/** Attempts as bars on a time axis: one row a task, with what was waited before each try. Pure. */
import type { RunState, TaskInstance, TaskState } from "../../../api/schema";
import type { AttemptSpan } from "./types";

/** Seconds from the start of the axis. `retry`: between two tries; `queued`: ready and without a slot. */
export interface Bar {
  kind: "queued" | "retry" | "run" | "slack";
  from: number;
  to: number;
  state: TaskState;
  /** The attempt's try number; 0 for slack. */
  attempt: number;
}

export interface TimelineRow {
  task: string;
  position: number;
  state: TaskState;
  bars: readonly Bar[];
  critical: boolean;
  slackS: number;
  /** It never ran: the place where that was decided. */
  didNotRunAt: number | null;
}

export interface Timeline {
  /** Milliseconds since the epoch. */
  start: number;
  lengthS: number;
  rows: readonly TimelineRow[];
}

export interface TimelineInput {
  tasks: readonly TaskInstance[];
  spans: readonly AttemptSpan[];
  critical: readonly string[];
  slack: readonly (number | null | undefined)[];
  started: string | null | undefined;
  ended: string | null | undefined;
  runState: RunState;
  now: number;
}

/** Shorter waits cannot be seen and would only be noise. */
const WAIT_SHOWN_S = 0.05;

export function timelineOf(input: TimelineInput): Timeline {
  const byPosition = new Map<number, AttemptSpan[]>();
  for (const span of input.spans) {
    const known = byPosition.get(span.position);
    if (known) known.push(span);
    else byPosition.set(span.position, [span]);
  }
  const start = input.started ? Date.parse(input.started) : input.now;
  const end = input.ended ? Date.parse(input.ended) : input.now;
  const lengthS = Math.max((end - start) / 1000, 0.001);
  const critical = new Set(input.critical);
  const isLive = input.runState === "running" || input.runState === "queued";
  const rows = input.tasks.map((task): TimelineRow => {
    const spans = byPosition.get(task.position) ?? [];
    const bars = barsOf(task, spans, start, end);
    const slackS = isLive ? 0 : (input.slack[task.position] ?? 0);
    const last = bars.at(-1);
    if (last && slackS > 0 && !critical.has(task.task_id))
      bars.push({ kind: "slack", from: last.to, to: last.to + slackS, state: task.state, attempt: 0 });
    return {
      task: task.task_id,
      position: task.position,
      state: task.state,
      bars,
      critical: critical.has(task.task_id) && bars.length > 0,
      slackS,
      didNotRunAt: neverRan(task.state) && spans.length === 0 ? decided(task, start, lengthS) : null,
    };
  });
  return { start, lengthS, rows };
}

function barsOf(task: TaskInstance, spans: readonly AttemptSpan[], start: number, end: number): Bar[] {
  const at = (text: string) => Math.max(0, (Date.parse(text) - start) / 1000);
  const bars: Bar[] = [];
  let before: number | null = null;
  for (const span of spans) {
    const began = span.started_at ? at(span.started_at) : null;
    const ready = span.queued_at ? at(span.queued_at) : began;
    if (before !== null && ready !== null && ready - before > WAIT_SHOWN_S)
      bars.push({ kind: "retry", from: before, to: ready, state: "up_for_retry", attempt: span.try_number });
    if (ready !== null && began !== null && began - ready > WAIT_SHOWN_S)
      bars.push({ kind: "queued", from: ready, to: began, state: "queued", attempt: span.try_number });
    if (began === null) continue;
    const over = span.ended_at ? at(span.ended_at) : (end - start) / 1000;
    bars.push({ kind: "run", from: began, to: Math.max(over, began), state: stateOf(span), attempt: span.try_number });
    before = span.ended_at ? over : null;
  }
  return [...bars, ...waitsNow(task, before, at, (end - start) / 1000)];
}

/** What a task waits for at this moment. */
function waitsNow(task: TaskInstance, before: number | null, at: (text: string) => number, now: number): Bar[] {
  const attempt = task.try_number + 1;
  if (task.state === "queued" && task.queued_at)
    return [{ kind: "queued", from: at(task.queued_at), to: now, state: "queued", attempt }];
  if (task.state === "up_for_retry" && before !== null)
    return [{ kind: "retry", from: before, to: now, state: "up_for_retry", attempt }];
  return [];
}

function stateOf(span: AttemptSpan): TaskState {
  switch (span.outcome) {
    case null:
    case undefined:
      return "running";
    case "success":
      return "success";
    case "skipped":
      return "skipped";
    case "lost":
    case "cancelled":
      return "cancelled";
    default:
      return "failed";
  }
}

function neverRan(state: TaskState): boolean {
  return state === "upstream_failed" || state === "skipped" || state === "cancelled";
}

function decided(task: TaskInstance, start: number, lengthS: number): number {
  const at = task.ended_at ? (Date.parse(task.ended_at) - start) / 1000 : lengthS;
  return Math.min(Math.max(at, 0), lengthS);
}

const STEPS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
  10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/** Seconds between two marks of the axis, so that about `wanted` of them fit. */
export function tickStep(lengthS: number, wanted: number): number {
  return STEPS_S.find((step) => lengthS / step <= wanted) ?? 604_800;
}

/** Marks at round clock times, in seconds from the start of the axis. */
export function ticks(start: number, lengthS: number, wanted: number): { at: number; step: number }[] {
  const step = tickStep(lengthS, wanted);
  const offset = step >= 1 ? step - ((start / 1000) % step || step) : 0;
  const found = [];
  for (let at = offset; at <= lengthS + 1e-9; at += step) found.push({ at, step });
  return found;
}
