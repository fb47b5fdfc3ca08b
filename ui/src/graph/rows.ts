/** Breaks a flow that is too wide into rows, as text is: a long pipeline stays readable without panning. */

import type { Point } from "./model";

/** A column of the flow before it is broken; `lines`: how many lines go past its left edge. */
export interface RowColumn {
  x: number;
  width: number;
  lines: number;
}

export interface Band {
  top: number;
  bottom: number;
}

/** More lines than this would be told apart by nobody on their way round to the next row. */
const LINES_MAX = 6;

/** What one more line round a corner is worth against an uneven row, in row widths. */
const LINE_PRICE = 0.3;
const ROW_PRICE = 0.05;

const GUTTER = 26;
const ROW_GAP = 40;

/** The first columns of the rows. One row when nothing is too wide, or when no place is good for breaking. */
export function breakRows(columns: readonly RowColumn[], widthMax: number): number[] {
  const last = columns.at(-1);
  if (widthMax <= 0 || !last || last.x + last.width <= widthMax) return [0];
  const cost = new Float64Array(columns.length + 1).fill(Number.POSITIVE_INFINITY);
  const from = new Int32Array(columns.length + 1);
  cost[0] = 0;
  for (let end = 1; end <= columns.length; end += 1) {
    for (let start = end - 1; start >= 0; start -= 1) {
      const width = rowWidth(columns, start, end);
      if (width > widthMax && start < end - 1) break;
      const total = (cost[start] ?? 0) + rowPrice(columns, start, end, widthMax);
      if (total < (cost[end] ?? 0)) [cost[end], from[end]] = [total, start];
    }
  }
  if (!Number.isFinite(cost[columns.length] ?? 0)) return [0];
  const starts: number[] = [];
  for (let end = columns.length; end > 0; end = from[end] ?? 0) starts.push(from[end] ?? 0);
  return starts.reverse();
}

function rowWidth(columns: readonly RowColumn[], start: number, end: number): number {
  const last = columns[end - 1];
  return last ? last.x + last.width - (columns[start]?.x ?? 0) : 0;
}

/** What a row costs by itself: unused room, and lines that go round its corner. */
function rowPrice(columns: readonly RowColumn[], start: number, end: number, widthMax: number): number {
  const lines = start === 0 ? 0 : (columns[start]?.lines ?? 0);
  if (lines > LINES_MAX) return Number.POSITIVE_INFINITY;
  const slack = end === columns.length ? 0 : Math.max(0, 1 - rowWidth(columns, start, end) / widthMax);
  return slack * slack + Math.max(0, lines - 1) * LINE_PRICE + ROW_PRICE;
}

/** A point of a line with the column it belongs to. */
export interface ColumnPoint extends Point {
  column: number;
}

/** How the unbroken flow moves into its rows. */
export interface RowMap {
  width: number;
  top: number;
  bottom: number;
  shift: (column: number) => Point;
  /** A line through rows goes down the gap between them and in from the left. */
  wrap: (points: readonly ColumnPoint[]) => Point[];
}

/** `bands`: what each row needs above and below its line. */
export function mapRows(columns: readonly RowColumn[], starts: readonly number[], bands: readonly Band[]): RowMap {
  const broken = starts.length > 1;
  const lefts = starts.map((start) => columns[start]?.x ?? 0);
  const widths = starts.map((_, row) => {
    const end = columns[(starts[row + 1] ?? columns.length) - 1];
    return (end ? end.x + end.width : 0) - (lefts[row] ?? 0);
  });
  const downs: number[] = [];
  const floors: number[] = [];
  let bottom = 0;
  bands.forEach((band, row) => {
    downs.push(row === 0 ? 0 : bottom + ROW_GAP - band.top);
    bottom = (downs[row] ?? 0) + band.bottom;
    floors.push(bottom + ROW_GAP / 2);
  });
  const rowOf = (column: number) =>
    Math.max(
      0,
      starts.findLastIndex((start) => start <= column),
    );
  const shift = (row: number): Point => ({ x: (broken ? GUTTER : 0) - (lefts[row] ?? 0), y: downs[row] ?? 0 });
  const moved = (point: ColumnPoint): Point => {
    const { x, y } = shift(rowOf(point.column));
    return { x: point.x + x, y: point.y + y };
  };
  const wrap = (points: readonly ColumnPoint[]) =>
    points.flatMap((point, index) => {
      const here = moved(point);
      const before = points[index - 1];
      const row = before ? rowOf(before.column) : 0;
      if (!before || row >= rowOf(point.column)) return [here];
      const right = (widths[row] ?? 0) + GUTTER * 1.5;
      const floor = floors[row] ?? 0;
      const turn = [
        { x: right, y: moved(before).y },
        { x: right, y: floor },
        { x: GUTTER / 2, y: floor },
        { x: GUTTER / 2, y: here.y },
      ];
      return [...turn, here];
    });
  return {
    width: Math.max(0, ...widths) + (broken ? GUTTER * 2 : 0),
    top: bands[0]?.top ?? 0,
    bottom,
    shift: (column) => shift(rowOf(column)),
    wrap,
  };
}
