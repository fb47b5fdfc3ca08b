/** What changed between two texts, line by line, with a few lines around each change. Pure. */

export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
  /** Line numbers, counted from 1; 0 where the side has no such line. */
  before: number;
  after: number;
}

export interface Hunk {
  lines: readonly DiffLine[];
  /** How many same lines are left out before it. */
  skipped: number;
}

const AROUND = 3;
// Texts that have hardly a line in common are told as replaced: the search for the shortest way would cost seconds.
const EDITS_MAX = 2_000;

/** Myers' shortest edit script. */
export function diffLines(before: string, after: string): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail += 1;
  const lines: DiffLine[] = [];
  const same = (i: number, j: number) => lines.push({ kind: "same", text: a[i] ?? "", before: i + 1, after: j + 1 });
  for (let at = 0; at < head; at += 1) same(at, at);
  for (const edit of editsOf(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) {
    if (edit.kind === "same") same(head + edit.i, head + edit.j);
    else if (edit.kind === "removed")
      lines.push({ kind: "removed", text: a[head + edit.i] ?? "", before: head + edit.i + 1, after: 0 });
    else lines.push({ kind: "added", text: b[head + edit.j] ?? "", before: 0, after: head + edit.j + 1 });
  }
  for (let at = tail; at > 0; at -= 1) same(a.length - at, b.length - at);
  return lines;
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

interface Edit {
  kind: DiffLine["kind"];
  i: number;
  j: number;
}

function editsOf(a: readonly string[], b: readonly string[]): Edit[] {
  const most = Math.min(a.length + b.length, EDITS_MAX);
  const reach = new Int32Array(2 * most + 2);
  const trail: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trail.push(reach.slice());
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(reach, k - 1, most) < at(reach, k + 1, most));
      let x = down ? at(reach, k + 1, most) : at(reach, k - 1, most) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reach[k + most] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(trail, a, b, edits, most);
    }
  }
  return [
    ...a.map((_, i): Edit => ({ kind: "removed", i, j: 0 })),
    ...b.map((_, j): Edit => ({ kind: "added", i: 0, j })),
  ];
}

function at(reach: Int32Array, k: number, most: number): number {
  return reach[k + most] ?? 0;
}

function walkBack(
  trail: readonly Int32Array[],
  a: readonly string[],
  b: readonly string[],
  edits: number,
  most: number,
): Edit[] {
  const found: Edit[] = [];
  let x = a.length;
  let y = b.length;
  for (let left = edits; left >= 0; left -= 1) {
    const reach = trail[left];
    if (!reach) break;
    const k = x - y;
    const down = k === -left || (k !== left && at(reach, k - 1, most) < at(reach, k + 1, most));
    const from = down ? k + 1 : k - 1;
    const fromX = left === 0 ? 0 : at(reach, from, most);
    const fromY = left === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      x -= 1;
      y -= 1;
      found.push({ kind: "same", i: x, j: y });
    }
    if (left === 0) break;
    if (down) {
      y -= 1;
      found.push({ kind: "added", i: x, j: y });
    } else {
      x -= 1;
      found.push({ kind: "removed", i: x, j: y });
    }
  }
  return found.reverse();
}

/** The changes with three lines around each; what lies between is counted. */
export function hunksOf(lines: readonly DiffLine[]): Hunk[] {
  const near = new Set<number>();
  lines.forEach((line, place) => {
    if (line.kind === "same") return;
    for (let at = place - AROUND; at <= place + AROUND; at += 1) if (at >= 0 && at < lines.length) near.add(at);
  });
  const hunks: { lines: DiffLine[]; skipped: number }[] = [];
  let skipped = 0;
  lines.forEach((line, place) => {
    if (!near.has(place)) {
      skipped += 1;
      return;
    }
    const open = hunks.at(-1);
    if (open && skipped === 0) open.lines.push(line);
    else hunks.push({ lines: [line], skipped });
    skipped = 0;
  });
  return hunks;
}
