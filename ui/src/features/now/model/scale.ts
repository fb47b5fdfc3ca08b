/** The time axis of the timeline: its span, its hours, and where an instant stands on it. Pure. */
import { hourOf } from "../../../time/day-start";

export const SPANS = ["6h", "12h", "day"] as const;
export type Span = (typeof SPANS)[number];

const HOUR_MS = 3_600_000;
const HALF_HOUR_MS = HOUR_MS / 2;
const SHAPES: Record<Span, { back: number; ahead: number; step: number }> = {
  "6h": { back: 3, ahead: 3, step: 1 },
  "12h": { back: 5, ahead: 7, step: 1 },
  day: { back: 12, ahead: 12, step: 2 },
};

export interface Scale {
  since: number;
  until: number;
  /** Milliseconds between two marks. */
  step: number;
}

export function spanOf(text: string | undefined): Span {
  return SPANS.find((span) => span === text) ?? "12h";
}

/** The span around now; it moves on each half hour and not with every second. */
export function scaleOf(span: Span, now: number): Scale {
  const { back, ahead, step } = SHAPES[span];
  const middle = Math.floor(now / HALF_HOUR_MS) * HALF_HOUR_MS;
  const since = Math.floor((middle - back * HOUR_MS) / HOUR_MS) * HOUR_MS;
  return { since, until: since + (back + ahead) * HOUR_MS, step: step * HOUR_MS };
}

/** From 0 to 1; outside of it for what lies beyond the span. */
export function placeOf(scale: Scale, at: number): number {
  return (at - scale.since) / (scale.until - scale.since);
}

export function marksOf(scale: Scale): number[] {
  const marks: number[] = [];
  for (let at = scale.since; at < scale.until; at += scale.step) marks.push(at);
  return marks;
}

/** Whether people call that time the night. */
export function isNight(now: number, zone: string): boolean {
  const hour = hourOf(now, zone);
  return hour >= 20 || hour < 7;
}
