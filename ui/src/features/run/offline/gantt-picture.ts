/** The Gantt as an SVG text. Pure. */
import { duration } from "../../../time/format";
import type { Bar, Timeline } from "../model/timeline";
import { escaped } from "./escaped";

const NAME = 190;
const WIDTH = 1000;
const ROW = 22;
const ROWS_MAX = 400;

export function ganttPicture(timeline: Timeline, language: string): string {
  const rows = timeline.rows.slice(0, ROWS_MAX);
  if (rows.length === 0) return "";
  const x = (seconds: number) => NAME + (seconds / timeline.lengthS) * (WIDTH - NAME);
  const lines = rows.map((row, at) => {
    const y = at * ROW;
    const bars = row.bars.map((bar) => barOf(bar, x, y, row.critical));
    const total = row.bars.filter((bar) => bar.kind === "run").reduce((sum, bar) => sum + bar.lengthS, 0);
    const name = row.task.length > 26 ? `${row.task.slice(0, 25)}…` : row.task;
    const title = total > 0 ? `<title>${escaped(`${row.task} ${duration(language, total)}`)}</title>` : "";
    return `<g>${title}<text x="0" y="${y + 15}">${escaped(name)}</text>${bars.join("")}</g>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${rows.length * ROW + 4}" role="img">${lines.join("")}</svg>`;
}

function barOf(bar: Bar, x: (seconds: number) => number, y: number, critical: boolean): string {
  const left = round(x(bar.from));
  const width = round(Math.max(2, x(bar.to) - x(bar.from)));
  if (bar.kind !== "run")
    return `<rect class="${bar.kind}" x="${left}" y="${y + 9}" width="${width}" height="${bar.kind === "queued" ? 6 : 1.5}"/>`;
  const under = critical ? `<rect class="critical" x="${left}" y="${y + 17}" width="${width}" height="3"/>` : "";
  return `<rect class="bar" data-state="${bar.state}" x="${left}" y="${y + 4}" width="${width}" height="16" rx="2"/>${under}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
