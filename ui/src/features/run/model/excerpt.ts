/** The part of a log that answers "why": some lines before the exception, its own frames, the library's folded. Pure. */
import { plainText } from "../../../ui/log/ansi";
import type { ExceptionBlock, NumberedLine } from "./types";

/** `own`: the author's frame; `folded`: frames of a library behind one line; `error`: what is tinted. */
export type ExcerptRow =
  | { kind: "line"; key: string; n: number; at: string; level: string; text: string; error: boolean }
  | { kind: "own"; key: string; n: number; text: string }
  | { kind: "head"; key: string; n: number; text: string }
  | { kind: "folded"; key: string; n: number; frames: number; library: string; text: string };

/** The rows of the exception's text, cut into frames; `n` is the number of the line that it stands in. */
export function exceptionRows(block: ExceptionBlock): ExcerptRow[] {
  const rows = block.text.replace(/\n+$/, "").split("\n");
  const found: ExcerptRow[] = [];
  const frames = [...block.frames].sort((a, b) => a.row - b.row);
  let at = 0;
  let index = 0;
  while (at < rows.length) {
    const frame = frames[index];
    if (!frame || at < frame.row) {
      found.push(rowOf(block, at, rows[at] ?? "", frames.length > 0 && index >= frames.length));
      at += 1;
      continue;
    }
    if (frame.own) {
      for (let row = at; row < frame.row + frame.rows; row += 1)
        if (!isPointer(rows[row] ?? ""))
          found.push({ kind: "own", key: `own ${row}`, n: block.line, text: rows[row] ?? "" });
      at = frame.row + frame.rows;
      index += 1;
      continue;
    }
    let last = index;
    while (frames[last + 1] && !frames[last + 1]?.own && frames[last + 1]?.row === end(frames[last])) last += 1;
    const until = end(frames[last]);
    const text = rows.slice(at, until).join("\n");
    found.push({
      kind: "folded",
      key: `folded ${at}`,
      n: block.line,
      frames: last - index + 1,
      library: libraryOf(frame.file),
      text,
    });
    at = until;
    index = last + 1;
  }
  return found;
}

/** Python's `~~~^^^` under a line breaks where the page is narrow, and tells nothing that the line does not. */
function isPointer(text: string): boolean {
  return /^\s*[\^~]+\s*$/.test(text);
}

function end(frame: { row: number; rows: number } | undefined): number {
  return frame ? frame.row + frame.rows : 0;
}

function rowOf(block: ExceptionBlock, at: number, text: string, afterFrames: boolean): ExcerptRow {
  const isHead = /^\s*Traceback |^\s*During handling|^\s*The above exception|^\s*$/.test(text);
  if (isHead && !afterFrames) return { kind: "head", key: `head ${at}`, n: block.line, text };
  return { kind: "line", key: `error ${at}`, n: block.line, at: "", level: "error", text, error: true };
}

/** `sklearn` of `/usr/lib/python3.11/site-packages/sklearn/base.py`. */
export function libraryOf(file: string): string {
  const inside = file.split(/(?:site|dist)-packages\//)[1];
  if (inside) return inside.split("/")[0]?.replace(/\.py$/, "") ?? "";
  return /\/python3\.\d+\//.test(file) ? "python" : "";
}

/** How many lines before the exception are shown at first. */
export const LINES_BEFORE = 7;
export const LINES_AFTER = 3;

/** Plain lines of the log around the exception, without the colours that a terminal would show. */
export function lineRows(lines: readonly NumberedLine[]): ExcerptRow[] {
  return lines.map(({ n, at, level, msg }) => {
    const text = plainText(msg);
    return { kind: "line", key: `${n}`, n, at, level, text, error: false };
  });
}
