/** Terminal colours of a line as spans of text. Only colour, bold, dim and underline get through; all else is dropped. Pure. */
import { type InkColor, inkOf256, inkOfRgb } from "./ansi-color";

export interface Ink {
  color: InkColor | null;
  ground: InkColor | null;
  bold: boolean;
  dim: boolean;
  underline: boolean;
}

export interface AnsiSpan {
  text: string;
  ink: Ink;
  /** Where it begins in the text without escapes. */
  at: number;
}

const PLAIN: Ink = { color: null, ground: null, bold: false, dim: false, underline: false };
const ESC = "\u001b";
// A control sequence, a string (OSC, DCS …) up to its end, a two-character escape, or one control character.
const CONTROL = new RegExp(
  `${ESC}\\[([0-?]*)[ -/]*([@-~])|${ESC}[\\]PX^_][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)?|${ESC}[ -/]*.?|[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]`,
  "gu",
);

/** The text alone: what is searched and copied. */
export function plainText(text: string): string {
  return needsWork(text) ? overwritten(text).replace(CONTROL, "") : text;
}

export function ansiSpans(text: string): AnsiSpan[] {
  if (!needsWork(text)) return text ? [{ text, ink: PLAIN, at: 0 }] : [];
  const source = overwritten(text);
  const spans: AnsiSpan[] = [];
  let ink = PLAIN;
  let from = 0;
  let length = 0;
  const put = (piece: string) => {
    if (!piece) return;
    const last = spans.at(-1);
    if (last && last.ink === ink) last.text += piece;
    else spans.push({ text: piece, ink, at: length });
    length += piece.length;
  };
  for (const found of source.matchAll(CONTROL)) {
    put(source.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[2] === "m") ink = changed(ink, found[1] ?? "");
  }
  put(source.slice(from));
  return spans;
}

function needsWork(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < 32 && code !== 9 && code !== 10) || (code >= 127 && code < 160)) return true;
  }
  return false;
}

/** A progress bar writes over itself with carriage returns: what stood there last is what a person would have seen. */
function overwritten(text: string): string {
  if (!text.includes("\r")) return text;
  const rows = text.split("\n").map((row) => {
    const states = row.split("\r").filter((state) => state.trim() !== "");
    return states.at(-1) ?? "";
  });
  return rows.join("\n");
}

/** `ink` after the parameters of one `m` sequence. */
function changed(ink: Ink, parameters: string): Ink {
  const codes = parameters
    .replace(/[<=>?]/g, "")
    .split(/[;:]/)
    .map((one) => (one === "" ? 0 : Number(one)));
  let next = { ...ink };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = extended(codes.slice(at + 1));
      next = code === 38 ? { ...next, color } : { ...next, ground: color };
      at += used;
    } else next = { ...next, ...simple(code) };
  }
  return next;
}

function simple(code: number): Partial<Ink> {
  if (code === 0) return PLAIN;
  if (code === 1) return { bold: true };
  if (code === 2) return { dim: true };
  if (code === 4 || code === 21) return { underline: true };
  if (code === 22) return { bold: false, dim: false };
  if (code === 24) return { underline: false };
  if (code === 39) return { color: null };
  if (code === 49) return { ground: null };
  if (code >= 30 && code <= 37) return { color: inkOf256(code - 30) };
  if (code >= 90 && code <= 97) return { color: inkOf256(code - 82) };
  if (code >= 40 && code <= 47) return { ground: inkOf256(code - 40) };
  if (code >= 100 && code <= 107) return { ground: inkOf256(code - 92) };
  return {};
}

/** The colour after 38 or 48, and how many parameters it takes. */
function extended(codes: readonly number[]): [InkColor | null, number] {
  if (codes[0] === 5) return [inkOf256(codes[1] ?? 0), 2];
  if (codes[0] === 2) return [inkOfRgb(codes[1] ?? 0, codes[2] ?? 0, codes[3] ?? 0), 4];
  return [null, codes.length];
}
