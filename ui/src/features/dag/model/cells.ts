/** What the letters of a grid mean, and how its cells are drawn. Pure: the context is handed in. */
import type { TaskState } from "../../../api/schema";
import type { Column, Mark } from "./columns";
import type { Grid } from "./types";

export type Letter = "s" | "q" | "r" | "y" | "w" | "S" | "R" | "F" | "K" | "U" | "C";

const STATES: Readonly<Record<Letter, TaskState>> = {
  s: "scheduled",
  q: "queued",
  r: "running",
  y: "up_for_retry",
  w: "waiting",
  S: "success",
  R: "success",
  F: "failed",
  K: "skipped",
  U: "upstream_failed",
  C: "cancelled",
};

/** The state that a letter stands for; undefined for a task that the run's version did not have. */
export function stateOfLetter(letter: string | undefined): TaskState | undefined {
  return letter !== undefined && letter in STATES ? STATES[letter as Letter] : undefined;
}

/** Colours by name, read from the tokens when the theme changes. */
export type Palette = Readonly<Record<string, string>>;

export const PALETTE_NAMES = [
  "success",
  "success-quiet",
  "failed",
  "upstream_failed",
  "up_for_retry",
  "running",
  "queued",
  "scheduled",
  "waiting",
  "skipped",
  "cancelled",
  "line",
  "ink-3",
] as const;

export interface Geometry {
  /** CSS pixels of one column, its gap included. */
  column: number;
  row: number;
  /** Height of the bars of run lengths, and of the months below. */
  head: number;
  foot: number;
  width: number;
  /** Rows that are in view, and the first of them. */
  rows: number;
  firstRow: number;
}

export interface Picture {
  grid: Grid;
  columns: readonly Column[];
  marks: readonly Mark[];
  geometry: Geometry;
  palette: Palette;
  /** Seconds of the usual run: a dashed line at its height. */
  usualS: number | null;
}

const BAR_LEAST = 3;

/** Everything in one pass for each colour, so that a year of fifty tasks takes a few milliseconds. */
export function paint(context: CanvasRenderingContext2D, picture: Picture): void {
  const { geometry } = picture;
  const height = geometry.head + geometry.rows * geometry.row + geometry.foot;
  context.clearRect(0, 0, geometry.width, height);
  paintMonths(context, picture);
  paintLengths(context, picture);
  paintCells(context, picture);
}

function color(palette: Palette, name: string): string {
  return palette[name] ?? "";
}

function paintMonths(context: CanvasRenderingContext2D, { marks, geometry, palette }: Picture): void {
  const bottom = geometry.head + geometry.rows * geometry.row;
  context.fillStyle = color(palette, "line");
  for (const mark of marks)
    context.fillRect(mark.at * geometry.column - 1, geometry.head, 1, bottom - geometry.head + 6);
}

/** The longest run reaches the top; one that failed is solid. */
export function barHeight(length: number | null | undefined, longest: number, room: number): number {
  if (length === null || length === undefined) return 0;
  return Math.max(BAR_LEAST, Math.round((length / longest) * room));
}

function paintLengths(context: CanvasRenderingContext2D, { grid, columns, geometry, palette, usualS }: Picture): void {
  const room = geometry.head - 12;
  const longest = longestShown(grid, columns);
  const width = barWidth(geometry.column);
  for (const column of columns) {
    if (column.run < 0) continue;
    const height = barHeight(grid.runs.duration_s[column.run], longest, room);
    if (height === 0) continue;
    const state = grid.runs.state[column.run] ?? "success";
    const x = column.at * geometry.column;
    const y = geometry.head - 8 - height;
    context.fillStyle = color(palette, state === "success" ? "success-quiet" : state);
    context.fillRect(x, y, width, height);
    if (state === "success" && width > 3) {
      context.fillStyle = color(palette, "success");
      context.fillRect(x, y, width, 2);
    }
  }
  if (usualS === null) return;
  const y = Math.round(geometry.head - 8 - (usualS / longest) * room) + 0.5;
  if (y < 0) return;
  context.strokeStyle = color(palette, "ink-3");
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(geometry.width, y);
  context.stroke();
  context.setLineDash([]);
}

export function longestShown(grid: Grid, columns: readonly Column[]): number {
  return Math.max(0.001, ...columns.map(({ run }) => grid.runs.duration_s[run] ?? 0));
}

function barWidth(column: number): number {
  return column <= 3 ? 2 : Math.min(column - 2, 18);
}

function paintCells(context: CanvasRenderingContext2D, picture: Picture): void {
  const { grid, columns, geometry, palette } = picture;
  const width = barWidth(geometry.column);
  const order: readonly Letter[] = ["S", "R", "K", "s", "q", "w", "y", "C", "r", "U", "F"];
  for (const letter of order) {
    const draw = brush(context, palette, letter, width, geometry.row);
    for (const column of columns) {
      const letters = grid.runs.letters[column.run];
      if (!letters) continue;
      const x = column.at * geometry.column;
      for (let row = 0; row < geometry.rows; row += 1) {
        if (letters[geometry.firstRow + row] === letter) draw(x, geometry.head + row * geometry.row);
      }
    }
  }
}

type Draw = (x: number, y: number) => void;

/** Height and shape tell the states apart where a cell is too small for an icon. */
function brush(c: CanvasRenderingContext2D, palette: Palette, letter: Letter, width: number, row: number): Draw {
  const full = row - 4;
  const half = Math.round(full * 0.62);
  const top = Math.round((row - half) / 2);
  switch (letter) {
    case "S":
      return quiet(c, palette, width, top, half);
    case "R": {
      const base = quiet(c, palette, width, top, half);
      return (x, y) => {
        base(x, y);
        c.fillStyle = color(palette, "up_for_retry");
        c.fillRect(x, y + top - 3, width, 4);
      };
    }
    case "F":
      c.fillStyle = color(palette, "failed");
      return (x, y) => c.fillRect(x, y + 2, width, full);
    case "U":
      c.fillStyle = color(palette, "upstream_failed");
      return (x, y) => c.fillRect(x, y + row - 7, width, 4);
    case "K":
      c.fillStyle = color(palette, "skipped");
      return (x, y) => c.fillRect(x, y + Math.round(row / 2) - 1, width, 2);
    case "r":
      c.fillStyle = color(palette, "running");
      return (x, y) => c.fillRect(x, y + top, width, half);
    case "q":
      c.fillStyle = color(palette, "queued");
      return (x, y) => {
        for (let line = 0; line < half; line += 4) c.fillRect(x, y + top + line, width, 2);
      };
    case "w":
      c.fillStyle = color(palette, "waiting");
      return (x, y) => c.fillRect(x, y + top - 2, width, half);
    case "y":
      c.fillStyle = color(palette, "up_for_retry");
      return (x, y) => c.fillRect(x, y + top, width, half);
    case "C":
      return outline(c, color(palette, "cancelled"), width, top, half, true);
    case "s":
      return outline(c, color(palette, "scheduled"), width, top, half, false);
  }
}

function quiet(c: CanvasRenderingContext2D, palette: Palette, width: number, top: number, half: number): Draw {
  const fill = color(palette, "success-quiet");
  const edge = color(palette, "success");
  return (x, y) => {
    c.fillStyle = fill;
    c.fillRect(x, y + top, width, half);
    if (width <= 3) return;
    c.fillStyle = edge;
    c.fillRect(x, y + top, 2, half);
  };
}

function outline(
  c: CanvasRenderingContext2D,
  line: string,
  width: number,
  top: number,
  half: number,
  slash: boolean,
): Draw {
  c.strokeStyle = line;
  return (x, y) => {
    if (width <= 3) {
      c.fillStyle = line;
      c.fillRect(x, y + top, width, 1);
      c.fillRect(x, y + top + half - 1, width, 1);
      if (slash) c.fillRect(x, y + top + Math.round(half / 2), width, 1);
      return;
    }
    c.strokeRect(x + 0.5, y + top + 0.5, width - 1, half - 1);
    if (!slash) return;
    c.beginPath();
    c.moveTo(x, y + top + half);
    c.lineTo(x + width, y + top);
    c.stroke();
  };
}
