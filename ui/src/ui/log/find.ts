/** Where a text stands in a line, and the line's spans cut at those places. Pure. */
import type { AnsiSpan } from "./ansi";

export interface MarkedSpan extends AnsiSpan {
  isHit: boolean;
}

const HITS_MAX = 200;

/** What is looked for: a text whatever its case, or a pattern. */
export type Wanted = string | RegExp;

/** The pattern as this browser reads it; a text that marks nothing when it reads it otherwise than the server. */
export function wantedOf(find: string, isPattern: boolean): Wanted {
  if (!isPattern) return find;
  try {
    return new RegExp(find, "giu");
  } catch {
    return "";
  }
}

export function isIn(text: string, wanted: Wanted): boolean {
  return placesOf(text, wanted).length > 0;
}

/** [from, to) of each place. */
export function placesOf(text: string, wanted: Wanted): [number, number][] {
  if (wanted === "") return [];
  if (typeof wanted !== "string") return matchesOf(text, wanted);
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

function matchesOf(text: string, pattern: RegExp): [number, number][] {
  const found: [number, number][] = [];
  for (const match of text.matchAll(pattern)) {
    if (found.length === HITS_MAX) break;
    if (match[0] !== "") found.push([match.index, match.index + match[0].length]);
  }
  return found;
}

export function marked(spans: readonly AnsiSpan[], wanted: Wanted): MarkedSpan[] {
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
