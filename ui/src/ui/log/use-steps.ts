/** Goes from one line of a list of lines to the next: errors, hits. */
import type { LogOverview } from "./log-queries";

export interface Steps {
  /** The one that is shown now, counted from 0; -1 when none is. */
  at: number;
  step: (by: number) => void;
}

/** `lines` as they are to be visited; `line` is the one in view. */
export function useSteps(lines: readonly number[], line: number | undefined, show: (line: number) => void): Steps {
  const at = line === undefined ? -1 : lines.indexOf(line);
  return {
    at,
    step: (by) => {
      const next = nextOf(lines, line, by);
      if (next !== undefined) show(next);
    },
  };
}

/** The line to visit after `line`; a line that is none of them goes to the nearest one in that direction. */
export function nextOf(lines: readonly number[], line: number | undefined, by: number): number | undefined {
  if (lines.length === 0) return undefined;
  if (line === undefined) return by > 0 ? lines[0] : lines.at(-1);
  const at = lines.indexOf(line);
  if (at >= 0) return lines[(at + by + lines.length) % lines.length];
  const sorted = [...lines].sort((a, b) => a - b);
  return by > 0
    ? (sorted.find((one) => one > line) ?? sorted[0])
    : (sorted.findLast((one) => one < line) ?? sorted.at(-1));
}

/** The exception first: it is what one looks for. Then all other errors in their order. */
export function errorsOf(overview: LogOverview | undefined): number[] {
  if (!overview) return [];
  const main = overview.exception?.line;
  const errors = overview.errors.length > 0 ? overview.errors : overview.tracebacks;
  return main === undefined || main === null ? errors : [main, ...errors.filter((one) => one !== main)];
}
