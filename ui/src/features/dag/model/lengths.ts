/** Run lengths as a chart: points, the median of the last runs, the band in which most of them lie. Pure. */
import type { RunState } from "../../../api/schema";
import type { Grid } from "./types";

export interface LengthPoint {
  run: string;
  /** Milliseconds since the epoch. */
  at: number;
  seconds: number;
  state: RunState;
}

export interface BandPoint {
  /** Place among the points. */
  place: number;
  median: number;
  low: number;
  high: number;
}

export const WINDOW = 14;
const WINDOW_LEAST = 5;

/** Ended runs that took time, oldest first. */
export function lengthPoints(grid: Grid): LengthPoint[] {
  const { run_id, logical_at, duration_s, state } = grid.runs;
  const points: LengthPoint[] = [];
  run_id.forEach((run, place) => {
    const seconds = duration_s[place];
    const one = state[place];
    if (seconds === null || seconds === undefined || !one || one === "running" || one === "queued") return;
    points.push({ run, at: (logical_at[place] ?? 0) * 1000, seconds, state: one });
  });
  return points;
}

/** At each good run: what the last fourteen good ones took. Nothing from fewer than five. */
export function bandOf(points: readonly LengthPoint[]): BandPoint[] {
  const recent: number[] = [];
  const band: BandPoint[] = [];
  points.forEach((point, place) => {
    if (point.state !== "success") return;
    recent.push(point.seconds);
    if (recent.length > WINDOW) recent.shift();
    if (recent.length < WINDOW_LEAST) return;
    const ordered = [...recent].sort((a, b) => a - b);
    band.push({ place, median: quantile(ordered, 0.5), low: quantile(ordered, 0.1), high: quantile(ordered, 0.9) });
  });
  return band;
}

export function quantile(ordered: readonly number[], share: number): number {
  const place = share * (ordered.length - 1);
  const low = ordered[Math.floor(place)] ?? 0;
  const high = ordered[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

export interface Axis {
  /** Seconds. */
  top: number;
  step: number;
  ticks: readonly number[];
}

const STEPS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 240, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
];

/** Round ticks from zero to above the longest, four or so of them. */
export function lengthAxis(longest: number): Axis {
  const step = STEPS.find((one) => longest / one <= 4) ?? 86_400 * Math.ceil(longest / 86_400 / 4);
  const top = step * Math.max(1, Math.ceil((longest * 1.02) / step));
  return { top, step, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, place) => place * step) };
}

/** The point nearest to a place on the x axis. */
export function nearest(points: readonly LengthPoint[], share: number): number {
  return Math.max(0, Math.min(points.length - 1, Math.round(share * (points.length - 1))));
}
