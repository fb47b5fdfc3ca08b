/** The spans that the home asks for; the same question is asked before its code has come. Pure. */
import type { ZoneChoice } from "../../../preferences/kept";
import { type Span, scaleOf } from "./scale";

const AHEAD_MS = 12 * 3_600_000;
const STEP_MS = 15 * 60_000;
const STARTS_SHOWN = 8;
const LANES_MAX = 60;

/** Ended runs are counted from midnight on. */
export function homeSpan(now: number, zone: ZoneChoice) {
  const midnight = new Date(now);
  if (zone === "utc") midnight.setUTCHours(0, 0, 0, 0);
  else midnight.setHours(0, 0, 0, 0);
  return { since: midnight.toISOString() };
}

/** Starts of the next twelve hours; the question stays the same for a quarter of an hour. */
export function startsUntil(now: number) {
  return { until: iso(Math.floor(now / STEP_MS) * STEP_MS + AHEAD_MS), limit: STARTS_SHOWN, each_once: true };
}

export function timelineSpan(span: Span, now: number) {
  const { since, until } = scaleOf(span, now);
  return { since: iso(since), until: iso(until), limit: LANES_MAX };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
