/** Attempts as bars on a time axis: one row a task, with what was waited before each try. Pure. */
import type { RunState, TaskInstance, TaskState } from "../../../api/schema";
import { type Axis, axisOf, type Gap, gapsOf } from "./axis";
import type { AttemptSpan } from "./types";

/** Places on the axis, in its seconds. `retry`: between two tries; `queued`: ready and without a slot. */
export interface Bar {
  kind: "queued" | "retry" | "run" | "slack";
  from: number;
  to: number;
  /** How long it really was. */
  lengthS: number;
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
  /** Milliseconds since the epoch at the beginning of the axis. */
  start: number;
  /** Seconds that the axis shows, its breaks included. */
  lengthS: number;
  rows: readonly TimelineRow[];
  axis: Axis;
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
/** A worker tells its start by its own reading of the clock. */
const CLOCK_S = 0.05;

export function timelineOf(input: TimelineInput): Timeline {
  const restart = input.started ? Date.parse(input.started) : input.now;
  const start = input.spans.reduce((first, span) => Math.min(first, beginOf(span) ?? first), restart);
  const end = Math.max(input.ended ? Date.parse(input.ended) : input.now, start + 1);
  const clock = new Clock(start, end, restart);
  const raw = input.tasks.map((task) => ({ task, bars: [] as Bar[] }));
  const byPosition = grouped(input.spans);
  for (const row of raw) row.bars = barsOf(row.task, byPosition.get(row.task.position) ?? [], clock);
  const axis = axisOf(clock.lengthS, gapsOf(busyOf(raw.flatMap((row) => row.bars)), clock.restart));
  const critical = new Set(input.critical);
  const isLive = input.runState === "running" || input.runState === "queued";
  const rows = raw.map(({ task, bars }): TimelineRow => {
    const slackS = isLive || critical.has(task.task_id) ? 0 : (input.slack[task.position] ?? 0);
    const last = bars.at(-1);
    if (last && slackS > 0)
      bars.push({ kind: "slack", from: last.to, to: last.to + slackS, lengthS: slackS, state: task.state, attempt: 0 });
    const neverRan = bars.length === 0 && isDry(task.state);
    return {
      task: task.task_id,
      position: task.position,
      state: task.state,
      bars: bars.map((bar) => ({ ...bar, from: axis.place(bar.from), to: axis.place(bar.to) })),
      critical: critical.has(task.task_id) && bars.length > 0,
      slackS,
      didNotRunAt: neverRan ? axis.place(task.ended_at ? clock.at(task.ended_at) : clock.lengthS) : null,
    };
  });
  return { start, lengthS: axis.lengthS, rows, axis };
}

/** Instants as seconds from the beginning of the axis. */
class Clock {
  readonly lengthS: number;
  /** When the run (last) began. */
  readonly restart: number;

  constructor(
    private readonly start: number,
    end: number,
    restart: number,
  ) {
    this.lengthS = (end - start) / 1000;
    this.restart = (restart - start) / 1000;
  }

  at(text: string): number {
    return Math.min(Math.max(0, (Date.parse(text) - this.start) / 1000), this.lengthS);
  }
}

function beginOf(span: AttemptSpan): number | null {
  const text = span.queued_at ?? span.started_at;
  return text ? Date.parse(text) : null;
}

function grouped(spans: readonly AttemptSpan[]): Map<number, AttemptSpan[]> {
  const found = new Map<number, AttemptSpan[]>();
  for (const span of spans) {
    const known = found.get(span.position);
    if (known) known.push(span);
    else found.set(span.position, [span]);
  }
  return found;
}

function barsOf(task: TaskInstance, spans: readonly AttemptSpan[], clock: Clock): Bar[] {
  const bars: Bar[] = [];
  let before: number | null = null;
  for (const span of spans) {
    bars.push(...barsOfTry(span, before, clock));
    before = span.started_at && span.ended_at ? clock.at(span.ended_at) : null;
  }
  if (task.state === "queued" && task.queued_at)
    bars.push(bar("queued", clock.at(task.queued_at), clock.lengthS, "queued", task.try_number + 1));
  if (task.state === "up_for_retry" && before !== null)
    bars.push(bar("retry", before, clock.lengthS, "up_for_retry", task.try_number + 1));
  return bars;
}

/** What lay before a try, and the try itself. `before`: the end of the try before it. */
function barsOfTry(span: AttemptSpan, before: number | null, clock: Clock): Bar[] {
  const bars: Bar[] = [];
  const began = span.started_at ? clock.at(span.started_at) : null;
  const ready = span.queued_at ? clock.at(span.queued_at) : began;
  if (before !== null && ready !== null && ready - before > WAIT_SHOWN_S && !isByHand(before, ready, clock))
    bars.push(bar("retry", before, ready, "up_for_retry", span.try_number));
  if (ready !== null && began !== null && began - ready > WAIT_SHOWN_S)
    bars.push(bar("queued", ready, began, "queued", span.try_number));
  if (began === null) return bars;
  const over = span.ended_at ? clock.at(span.ended_at) : clock.lengthS;
  return [...bars, bar("run", began, Math.max(over, began), stateOf(span), span.try_number)];
}

/** Between two tries of one going of the run lies the retry delay; before a retry by hand lies a person's time. */
function isByHand(before: number, ready: number, clock: Clock): boolean {
  return before < clock.restart && ready >= clock.restart - CLOCK_S;
}

function bar(kind: Bar["kind"], from: number, to: number, state: TaskState, attempt: number): Bar {
  return { kind, from, to, lengthS: to - from, state, attempt };
}

function busyOf(bars: readonly Bar[]): Gap[] {
  return bars.map(({ from, to }) => ({ from, to }));
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

function isDry(state: TaskState): boolean {
  return state === "upstream_failed" || state === "skipped" || state === "cancelled";
}

const STEPS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
  10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

/** Seconds between two marks of the axis, so that about `wanted` of them fit. */
export function tickStep(lengthS: number, wanted: number): number {
  return STEPS_S.find((step) => lengthS / step <= wanted) ?? 604_800;
}

export interface Tick {
  /** Its place on the axis, in its seconds. */
  at: number;
  /** Milliseconds since the epoch. */
  time: number;
  step: number;
}

/** Marks at round clock times, none inside of a break. */
export function ticks(timeline: Pick<Timeline, "start" | "lengthS" | "axis">, wanted: number): Tick[] {
  const { start, axis } = timeline;
  const step = tickStep(timeline.lengthS, wanted);
  const ends = [...axis.breaks.map((one) => one.at), timeline.lengthS];
  const found: Tick[] = [];
  let from = 0;
  for (const [index, end] of ends.entries()) {
    const first = axis.moment(from);
    const last = axis.moment(end);
    const base = start / 1000 + first;
    const offset = step >= 1 ? (step - (base % step)) % step : 0;
    for (let moment = first + offset; moment <= last + 1e-9; moment += step) {
      const at = axis.place(moment);
      // Two marks beside a break would stand in each other.
      if (found.length === 0 || at - (found.at(-1)?.at ?? 0) > step * 0.6)
        found.push({ at, time: start + moment * 1000, step });
    }
    from = end + (axis.breaks[index]?.widthS ?? 0) + 1e-9;
  }
  return found;
}
