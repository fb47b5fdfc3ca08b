/** Where a text stands in a line, and the line's spans cut at those places. Pure. */
import type { AnsiSpan } from "./ansi";

export interface MarkedSpan extends AnsiSpan {
  isHit: boolean;
}

const HITS_MAX = 200;

/** [from, to) of each place, whatever the case of its letters. */
export function placesOf(text: string, wanted: string): [number, number][] {
  if (wanted === "") return [];
  const found: [number, number][] = [];
  const folded = text.toLowerCase();
  const needle = wanted.toLowerCase();
  // A letter whose lower case is longer would shift all places behind it.
  const source = folded.length === text.length ? folded : text;
  for (let at = source.indexOf(needle); at >= 0 && found.length < HITS_MAX; at = source.indexOf(needle, at + 1)) {
    found.push([at, at + needle.length]);
    at += needle.length - 1;
  }
  return found;
}

export function marked(spans: readonly AnsiSpan[], wanted: string): MarkedSpan[] {
  const places = placesOf(spans.map((span) => span.text).join(""), wanted);
  if (places.length === 0) return spans.map((span) => ({ ...span, isHit: false }));
  return spans.flatMap((span) => cut(span, places));
}

function cut(span: AnsiSpan, places: readonly [number, number][]): MarkedSpan[] {
  const end = span.at + span.text.length;
  const pieces: MarkedSpan[] = [];
  let from = span.at;
  const put = (to: number, isHit: boolean) => {
    if (to > from) pieces.push({ ...span, text: span.text.slice(from - span.at, to - span.at), at: from, isHit });
    from = Math.max(from, to);
  };
  for (const [first, last] of places) {
    if (last <= span.at || first >= end) continue;
    put(Math.max(first, span.at), false);
    put(Math.min(last, end), true);
  }
  put(end, false);
  return pieces;
}
