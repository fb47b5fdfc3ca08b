/** Where the runs of a grid stand side by side, and where none was due. Pure. */
import type { Grid } from "./types";

/** One column: a run by its place in the grid, or a gap of `missing` runs that nobody started. */
export interface Column {
  /** Place in `grid.runs`, or -1 for a gap. */
  run: number;
  /** The left edge in columns from the left. */
  at: number;
  /** How many columns wide. */
  span: number;
  /** Of a gap: the run after it. */
  next?: number;
}

export interface Columns {
  columns: readonly Column[];
  /** Width in columns. */
  span: number;
  /** How many runs are shown. */
  runs: number;
}

const GAP_MAX = 10;

/** The newest runs that fit into `room` columns, oldest first; longer pauses are shortened to ten columns. */
export function columnsOf(grid: Grid, room: number): Columns {
  const { logical_at: at, trigger } = grid.runs;
  const chosen: Column[] = [];
  let used = 0;
  let later: number | null = null;
  let runs = 0;
  for (let run = at.length - 1; run >= 0; run -= 1) {
    const scheduled = trigger[run] === "schedule" || trigger[run] === "catchup";
    const here = at[run] ?? 0;
    const gap = scheduled && later !== null ? gapOf(later - here, grid.interval_s) : 0;
    if (used + gap + 1 > room) break;
    if (gap > 0) chosen.push({ run: -1, at: used, span: gap, next: run + 1 });
    used += gap;
    chosen.push({ run, at: used, span: 1 });
    used += 1;
    runs += 1;
    if (scheduled) later = here;
  }
  const columns = chosen.reverse().map((one) => ({ ...one, at: used - one.at - one.span }));
  return { columns, span: used, runs };
}

function gapOf(seconds: number, interval: number | null): number {
  if (interval === null || interval <= 0) return 0;
  // A clock change or a late start is no gap.
  return Math.min(GAP_MAX, Math.max(0, Math.round(seconds / interval) - 1));
}

/** The column at `place` columns from the left; undefined between and beside them. */
export function columnAt(columns: readonly Column[], place: number): Column | undefined {
  let low = 0;
  let high = columns.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const one = columns[middle];
    if (!one) return undefined;
    if (place < one.at) high = middle - 1;
    else if (place >= one.at + one.span) low = middle + 1;
    else return one;
  }
  return undefined;
}

export interface Mark {
  /** In columns from the left. */
  at: number;
  label: string;
}

/** Where a month begins, as far as the labels have room: at least `apart` columns between two of them. */
export function monthMarks(
  grid: Grid,
  columns: readonly Column[],
  labelOf: (at: Date, first: boolean) => { key: string; label: string },
  apart: number,
): Mark[] {
  const marks: Mark[] = [];
  let last = "";
  for (const column of columns) {
    const seconds = grid.runs.logical_at[column.run];
    if (seconds === undefined) continue;
    const { key, label } = labelOf(new Date(seconds * 1000), marks.length === 0);
    const isFirst = last === "";
    if (key === last) continue;
    last = key;
    const before = marks.at(-1);
    if (isFirst || (before && column.at - before.at < apart)) continue;
    marks.push({ at: column.at, label });
  }
  return marks;
}
