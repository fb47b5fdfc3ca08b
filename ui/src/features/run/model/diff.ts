/** What differs inside of two lines that follow each other as removed and added. Pure. */

export interface Piece {
  text: string;
  /** It is in this line only. */
  changed: boolean;
}

/** The common beginning and end are plain, the middle is marked; lines with little in common are not marked at all. */
export function linePieces(own: string, other: string): Piece[] {
  const most = Math.min(own.length, other.length);
  let head = 0;
  while (head < most && own[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < most - head && own[own.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  if (head + tail < own.length / 3 || head + tail < 3) return [{ text: own, changed: false }];
  const pieces = [
    { text: own.slice(0, head), changed: false },
    { text: own.slice(head, own.length - tail), changed: true },
    { text: own.slice(own.length - tail), changed: false },
  ];
  return pieces.filter((piece) => piece.text !== "");
}

export interface DiffRow {
  key: string;
  mark: " " | "-" | "+";
  /** Its number in the old file for `-`, in the new one otherwise. */
  n: number;
  pieces: Piece[];
}

/** Lines of a hunk with their numbers; a single removed line followed by a single added one shows what changed in it. */
export function diffRows(hunk: { old_start: number; new_start: number; lines: readonly string[] }): DiffRow[] {
  const { lines } = hunk;
  let old = hunk.old_start;
  let fresh = hunk.new_start;
  return lines.map((line, at) => {
    const mark = line[0] === "-" ? "-" : line[0] === "+" ? "+" : " ";
    const text = line.slice(1);
    const n = mark === "-" ? old : fresh;
    if (mark !== "+") old += 1;
    if (mark !== "-") fresh += 1;
    const other = mark === "-" ? partner(lines, at, 1) : mark === "+" ? partner(lines, at, -1) : null;
    const pieces = other === null ? [{ text, changed: false }] : linePieces(text, other);
    return { key: `${at}`, mark, n, pieces };
  });
}

/** The text of the line beside, when exactly one was removed and one added there. */
function partner(lines: readonly string[], at: number, step: 1 | -1): string | null {
  const own = lines[at]?.[0];
  const other = lines[at + step];
  const wanted = step === 1 ? "+" : "-";
  if (other?.[0] !== wanted) return null;
  if (lines[at - step]?.[0] === own || lines[at + 2 * step]?.[0] === wanted) return null;
  return other.slice(1);
}
