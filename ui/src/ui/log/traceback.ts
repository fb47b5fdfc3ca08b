/** The rows of a message that holds a traceback: the author's frames, folded frames of libraries, the error itself. Pure. */

export interface TextPart {
  kind: "text" | "head" | "own" | "library" | "error";
  text: string;
  /** Its first row in the message, counted from 0. */
  row: number;
  /** Of a library's part: how many frames, and whose. */
  frames: number;
  library: string;
}

const BEGIN = "Traceback (most recent call last)";
const FRAME = /^[\s|+]*File "([^"]+)", line \d+/;
const LIBRARY = /(?:site-packages|dist-packages)\/|\/lib(?:64)?\/python3/;

export function hasTraceback(message: string): boolean {
  return message.includes(BEGIN);
}

/** The same rule as on the server: not the language's own files and none of an installed library. */
export function isOwn(file: string): boolean {
  return !file.startsWith("<") && !LIBRARY.test(file);
}

/** `sklearn` of `/usr/lib/python3.11/site-packages/sklearn/base.py`. */
export function libraryOf(file: string): string {
  const inside = file.split(/(?:site|dist)-packages\//)[1];
  if (inside) return inside.split("/")[0]?.replace(/\.py$/, "") ?? "";
  return "python";
}

export function textParts(message: string): TextPart[] {
  const rows = message.replace(/\n+$/, "").split("\n");
  const parts: TextPart[] = [];
  let inside = false;
  for (let row = 0; row < rows.length; ) {
    const text = rows[row] ?? "";
    const frame = inside ? FRAME.exec(text) : null;
    if (frame) {
      const end = frameEnd(rows, row);
      addFrame(parts, rows.slice(row, end).join("\n"), row, frame[1] ?? "");
      row = end;
      continue;
    }
    if (text.includes(BEGIN)) {
      inside = true;
      add(parts, "head", text, row);
    } else if (inside && /^(?:During handling|The above exception)/.test(text)) add(parts, "head", text, row);
    else add(parts, inside && text.trim() !== "" ? "error" : "text", text, row);
    row += 1;
  }
  return parts;
}

/** The row behind a frame: its code and marks stand deeper than its head. */
function frameEnd(rows: readonly string[], row: number): number {
  const indent = indentOf(rows[row] ?? "");
  let end = row + 1;
  while (end < rows.length && !FRAME.test(rows[end] ?? "") && indentOf(rows[end] ?? "") > indent) end += 1;
  return end;
}

function indentOf(text: string): number {
  return text.length - text.replace(/^[\s|+]+/, "").length;
}

function addFrame(parts: TextPart[], text: string, row: number, file: string): void {
  const last = parts.at(-1);
  if (isOwn(file)) parts.push({ kind: "own", text, row, frames: 1, library: "" });
  else if (last?.kind === "library") {
    last.text += `\n${text}`;
    last.frames += 1;
    if (last.library !== libraryOf(file)) last.library = "";
  } else parts.push({ kind: "library", text, row, frames: 1, library: libraryOf(file) });
}

function add(parts: TextPart[], kind: "text" | "head" | "error", text: string, row: number): void {
  const last = parts.at(-1);
  if (last?.kind === kind) last.text += `\n${text}`;
  else parts.push({ kind, text, row, frames: 0, library: "" });
}
