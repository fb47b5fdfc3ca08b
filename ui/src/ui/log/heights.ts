/** Heights of a million rows of which few were ever measured: position of a row and row at a position in O(log n). Pure. */

const BLOCK = 64;

export class Heights {
  private extras = new Map<number, number>();
  /** A Fenwick tree over blocks of rows: what their measured rows have beyond the usual height. */
  private tree = new Float64Array(1);
  private sum = 0;

  constructor(
    readonly usual: number,
    private count = 0,
  ) {
    this.resize(count);
  }

  get rows(): number {
    return this.count;
  }

  get total(): number {
    return this.count * this.usual + this.sum;
  }

  /** Rows are added or taken at the end; what was measured stays. */
  resize(count: number): void {
    const blocks = Math.ceil(count / BLOCK) + 1;
    for (const row of this.extras.keys()) if (row >= count) this.set(row, this.usual);
    this.count = count;
    if (blocks < this.tree.length) return;
    this.tree = new Float64Array(Math.max(blocks + 1, this.tree.length * 2));
    for (const [row, extra] of this.extras) this.add(row, extra);
  }

  /** Forget what was measured: the width has changed. */
  clear(): void {
    this.extras.clear();
    this.tree.fill(0);
    this.sum = 0;
  }

  of(row: number): number {
    return this.usual + (this.extras.get(row) ?? 0);
  }

  /** Returns by how much the row has grown. */
  set(row: number, height: number): number {
    const grown = height - this.of(row);
    if (grown === 0) return 0;
    const extra = height - this.usual;
    if (extra === 0) this.extras.delete(row);
    else this.extras.set(row, extra);
    this.sum += grown;
    this.add(row, grown);
    return grown;
  }

  top(row: number): number {
    const block = Math.floor(row / BLOCK);
    let extra = 0;
    for (let at = block; at > 0; at -= at & -at) extra += this.tree[at] ?? 0;
    for (let other = block * BLOCK; other < row; other += 1) extra += this.extras.get(other) ?? 0;
    return row * this.usual + extra;
  }

  /** The row that covers position `y`. */
  rowAt(y: number): number {
    let at = 0;
    let left = y;
    for (let step = highestBit(this.tree.length - 1); step > 0; step >>= 1) {
      const next = at + step;
      if (next >= this.tree.length) continue;
      const height = BLOCK * step * this.usual + (this.tree[next] ?? 0);
      if (height <= left) {
        at = next;
        left -= height;
      }
    }
    let row = at * BLOCK;
    while (row < this.count - 1 && left >= this.of(row)) {
      left -= this.of(row);
      row += 1;
    }
    return Math.max(0, Math.min(row, this.count - 1));
  }

  private add(row: number, by: number): void {
    for (let at = Math.floor(row / BLOCK) + 1; at < this.tree.length; at += at & -at)
      this.tree[at] = (this.tree[at] ?? 0) + by;
  }
}

function highestBit(value: number): number {
  let bit = 1;
  while (bit * 2 <= value) bit *= 2;
  return value > 0 ? bit : 0;
}
