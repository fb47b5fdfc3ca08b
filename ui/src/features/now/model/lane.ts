/** What a lane draws: single runs where there is room to press them, else one shape for all; and its one label. Pure. */
import type { Lane } from "../api/queries";
import { placeOf, type Scale } from "./scale";

export type Look = "success" | "failed" | "late" | "running" | "cancelled" | "expected" | "planned" | "previous";

export interface Bar {
  key: string;
  look: Look;
  /** Shares of the track. */
  left: number;
  width: number;
  runId: string | null;
  /** Far enough from the one before to be pressed with a finger. */
  isPressed: boolean;
}

export type LabelKind = "failed" | "expected" | "previous" | "took" | "about";

export interface Label {
  kind: LabelKind;
  at: number;
  task: string | null;
  /** Milliseconds since the epoch, or seconds for lengths. */
  value: number;
}

/** More bars than this become one shape. */
const SINGLE_MAX = 48;
/** 24 px of the narrowest track. */
const PRESSED_APART = 0.08;
const LABEL_ROOM = 0.14;
const LABEL_LAST = 0.88;

export interface LaneShape {
  bars: Bar[];
  /** Good runs and planned ones as one shape each, where they are too many for single bars. */
  good: Bar[];
  planned: Bar[];
  label: Label | null;
}

export function shapeOf(lane: Lane, scale: Scale, now: number): LaneShape {
  const inside = (bar: Bar) => bar.left < 1 && bar.left + bar.width > 0;
  const past = lane.runs.flatMap((run) => barsOf(run, scale, now)).filter(inside);
  const planned = lane.planned.map((start) => plannedBar(start, lane.import_error, scale)).filter(inside);
  const label = labelOf(lane, [...past, ...planned], scale);
  const isMany = past.length > SINGLE_MAX;
  const single = isMany ? past.filter((bar) => bar.look !== "success") : past;
  return {
    bars: [...pressed(single), ...(planned.length > SINGLE_MAX ? [] : planned)],
    good: isMany ? past.filter((bar) => bar.look === "success") : [],
    planned: planned.length > SINGLE_MAX ? planned : [],
    label,
  };
}

/** Of bars that stand close together only some can be pressed; what needs a person goes before what is well. */
function pressed(bars: readonly Bar[]): Bar[] {
  const taken: number[] = [];
  const order = [...bars].sort((one, other) => Number(one.look === "success") - Number(other.look === "success"));
  const chosen = new Set<string>();
  for (const bar of order) {
    if (bar.look === "expected" || taken.some((left) => Math.abs(left - bar.left) < PRESSED_APART)) continue;
    taken.push(bar.left);
    chosen.add(bar.key);
  }
  return bars.map((bar) => ({ ...bar, isPressed: chosen.has(bar.key) }));
}

type LaneRun = Lane["runs"][number];

function barsOf(run: LaneRun, scale: Scale, now: number): Bar[] {
  const start = Date.parse(run.started_at);
  const end = run.ended_at === null ? now : Date.parse(run.ended_at);
  const bars = [bar(run.run_id, lookOf(run), start, end, scale, run.run_id)];
  const expected = run.expected_at === null ? 0 : Date.parse(run.expected_at);
  if (run.ended_at === null && expected > now) {
    bars.push(bar(`${run.run_id} expected`, "expected", now, expected, scale, run.run_id));
  }
  return bars;
}

function lookOf(run: LaneRun): Look {
  if (run.late) return "late";
  if (run.state === "failed") return "failed";
  if (run.state === "cancelled") return "cancelled";
  return run.state === "success" ? "success" : "running";
}

function plannedBar(start: Lane["planned"][number], isPrevious: boolean, scale: Scale): Bar {
  const at = Date.parse(start.at);
  const until = start.until === null ? at : Date.parse(start.until);
  return bar(`planned ${start.at}`, isPrevious ? "previous" : "planned", at, until, scale, null);
}

function bar(key: string, look: Look, start: number, end: number, scale: Scale, runId: string | null): Bar {
  const left = Math.max(placeOf(scale, start), 0);
  return { key, look, left, width: Math.max(Math.min(placeOf(scale, end), 1) - left, 0), runId, isPressed: false };
}

/** The one thing worth a word on this lane, where there is room for it. */
function labelOf(lane: Lane, bars: readonly Bar[], scale: Scale): Label | null {
  const found = wordOf(lane, scale);
  if (found === null || found.at > LABEL_LAST) return null;
  const next = Math.min(...bars.map((one) => one.left).filter((left) => left > found.at + 0.002), 2);
  return next - found.at < LABEL_ROOM ? null : found;
}

function wordOf(lane: Lane, scale: Scale): Label | null {
  const last = lane.runs.at(-1);
  if (last?.state === "failed" && last.ended_at !== null && last.failed_task) {
    return { kind: "failed", at: placeOf(scale, Date.parse(last.ended_at)), task: last.failed_task, value: 0 };
  }
  if (last && last.ended_at === null && last.expected_at !== null) {
    const at = Date.parse(last.expected_at);
    return { kind: "expected", at: placeOf(scale, at), task: null, value: at };
  }
  const first = lane.planned[0];
  if (first && lane.import_error) {
    return { kind: "previous", at: placeOf(scale, Date.parse(first.until ?? first.at)), task: null, value: 0 };
  }
  if (lane.runs.length === 1 && last?.state === "success" && last.ended_at !== null) {
    const took = (Date.parse(last.ended_at) - Date.parse(last.started_at)) / 1000;
    if (took >= LONG_S) return { kind: "took", at: placeOf(scale, Date.parse(last.ended_at)), task: null, value: took };
  }
  if (lane.runs.length === 0 && lane.planned.length === 1 && first?.until && (lane.usual_s ?? 0) >= LONG_S) {
    return { kind: "about", at: placeOf(scale, Date.parse(first.until)), task: null, value: lane.usual_s ?? 0 };
  }
  return null;
}

const LONG_S = 600;
