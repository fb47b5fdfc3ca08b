/** A time axis that skips what nobody wants to look at: the hours between a failure and its retry. Pure. */

/** Seconds from the first moment on the axis, as they were. */
export interface Gap {
  from: number;
  to: number;
}

export interface Axis {
  /** Where a moment stands, in seconds of the shown length. */
  place(seconds: number): number;
  /** The moment at a place; none inside of a break. */
  moment(place: number): number;
  lengthS: number;
  breaks: readonly { at: number; widthS: number; lengthS: number }[];
}

/** A break takes this share of what is shown. */
const BREAK_SHARE = 0.06;
/** Nothing runs for so long and longer: it is skipped. */
const IDLE_S = 600;

/** The times in which nothing was ready or ran, and that are not worth their width. `restarts`: known moments of a retry. */
export function gapsOf(busy: readonly Gap[], restart: number): Gap[] {
  const sorted = busy.toSorted((a, b) => a.from - b.from);
  const gaps: Gap[] = [];
  let until = sorted[0]?.to ?? 0;
  const worked = sorted.reduce((sum, one) => sum + one.to - one.from, 0);
  for (const one of sorted) {
    const idle = one.from - until;
    const isRetry = restart > until - 0.5 && restart <= one.from + 0.5;
    if (idle > 0 && (idle >= IDLE_S || (isRetry && idle > worked * 0.1))) gaps.push({ from: until, to: one.from });
    until = Math.max(until, one.to);
  }
  return gaps;
}

export function axisOf(lengthS: number, gaps: readonly Gap[]): Axis {
  const skipped = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const kept = Math.max(lengthS - skipped, 0.001);
  const widthS = kept * BREAK_SHARE;
  const place = (seconds: number) => {
    let moved = seconds;
    for (const gap of gaps) {
      if (seconds >= gap.to) moved -= gap.to - gap.from - widthS;
      else if (seconds > gap.from) moved -= (seconds - gap.from) * (1 - widthS / (gap.to - gap.from));
    }
    return moved;
  };
  const moment = (at: number) => {
    let seconds = at;
    for (const gap of gaps) if (seconds > gap.from) seconds += gap.to - gap.from - widthS;
    return seconds;
  };
  return {
    place,
    moment,
    lengthS: kept + widthS * gaps.length,
    breaks: gaps.map((gap) => ({ at: place(gap.from), widthS, lengthS: gap.to - gap.from })),
  };
}
