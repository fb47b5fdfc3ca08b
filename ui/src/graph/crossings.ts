/** The order of nodes within columns so that few lines cross (Sugiyama, Tagawa, Toda 1981: barycentres, swept). */

export interface Columns {
  layer: Int32Array;
  layers: number;
  links: readonly (readonly [number, number])[];
}

/** Neighbours of each node in the column before (`left`) and behind (`right`). */
export interface Neighbours {
  left: number[][];
  right: number[][];
}

/** Swapping neighbours by trial pays only where a person can see each line. */
const TRIAL_NODES_MAX = 400;

export function neighboursOf({ layer, links }: Columns): Neighbours {
  const left: number[][] = Array.from(layer, () => []);
  const right: number[][] = Array.from(layer, () => []);
  for (const [source, target] of links) {
    right[source]?.push(target);
    left[target]?.push(source);
  }
  return { left, right };
}

/** Columns top down. `rank` orders the nodes that nothing else tells apart: the order of the DAG. */
export function orderColumns(columns: Columns, rank: ArrayLike<number>): number[][] {
  const near = neighboursOf(columns);
  let order = firstOrder(columns, near, rank);
  let best = order;
  let fewest = countCrossings(order, near);
  const sweeps = columns.layer.length > 2_000 ? 6 : 16;
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep += 1) {
    order = order.map((column) => [...column]);
    swept(order, near, sweep % 2 === 0);
    const crossings = countCrossings(order, near);
    if (crossings < fewest) [best, fewest] = [order, crossings];
  }
  if (columns.layer.length > TRIAL_NODES_MAX || fewest === 0) return best;
  return swapped(
    best.map((column) => [...column]),
    near,
  );
}

/** Depth first, so that branches start out untangled. */
function firstOrder(columns: Columns, near: Neighbours, rank: ArrayLike<number>): number[][] {
  const { layer } = columns;
  const order: number[][] = Array.from({ length: columns.layers }, () => []);
  const seen = new Uint8Array(layer.length);
  const byRank = (a: number, b: number) => (rank[a] ?? 0) - (rank[b] ?? 0);
  const starts = [...layer.keys()].sort((a, b) => (layer[a] ?? 0) - (layer[b] ?? 0) || byRank(a, b));
  const left: number[] = starts.reverse();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (seen[node]) continue;
    seen[node] = 1;
    order[layer[node] ?? 0]?.push(node);
    left.push(...(near.right[node] ?? []).toSorted(byRank).reverse());
  }
  return order;
}

function positions(order: number[][], count: number): Int32Array {
  const place = new Int32Array(count);
  for (const column of order)
    column.forEach((node, index) => {
      place[node] = index;
    });
  return place;
}

function swept(order: number[][], near: Neighbours, rightwards: boolean): void {
  const place = positions(order, near.left.length);
  const neighbours = rightwards ? near.left : near.right;
  const wanted = new Float64Array(place.length);
  const sequence = rightwards ? order : order.toReversed();
  for (const column of sequence) {
    for (const node of column) wanted[node] = barycentre(neighbours[node] ?? [], place) ?? place[node] ?? 0;
    column.sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || (place[a] ?? 0) - (place[b] ?? 0));
    column.forEach((node, index) => {
      place[node] = index;
    });
  }
}

function barycentre(neighbours: readonly number[], place: Int32Array): number | undefined {
  if (neighbours.length === 0) return undefined;
  let sum = 0;
  for (const neighbour of neighbours) sum += place[neighbour] ?? 0;
  return sum / neighbours.length;
}

/** How many pairs of lines cross (Barth, Mutzel, Jünger 2004): inversions, counted in a Fenwick tree. */
export function countCrossings(order: readonly (readonly number[])[], near: Neighbours): number {
  const place = positions(order as number[][], near.left.length);
  let crossings = 0;
  for (let index = 1; index < order.length; index += 1) {
    const targets = (order[index - 1] ?? []).map((source) =>
      (near.right[source] ?? []).map((target) => place[target] ?? 0).sort((a, b) => a - b),
    );
    crossings += inversions(targets, (order[index]?.length ?? 0) + 1);
  }
  return crossings;
}

/** Lines of one gap between columns, by source; `size`: places in the column behind it. */
function inversions(lines: readonly (readonly number[])[], size: number): number {
  const tree = new Int32Array(size + 1);
  let drawn = 0;
  let found = 0;
  for (const targets of lines) {
    for (const target of targets) {
      let notBehind = 0;
      for (let at = target + 1; at > 0; at -= at & -at) notBehind += tree[at] ?? 0;
      found += drawn - notBehind;
    }
    for (const target of targets) {
      for (let at = target + 1; at <= size; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
      drawn += 1;
    }
  }
  return found;
}

/** Exchanges neighbours in a column as long as that undoes crossings. */
function swapped(order: number[][], near: Neighbours): number[][] {
  const place = positions(order, near.left.length);
  const crossing = (above: number, below: number) =>
    crossed(near.left[above], near.left[below], place) + crossed(near.right[above], near.right[below], place);
  for (let round = 0, better = true; better && round < 8; round += 1) {
    better = false;
    for (const column of order) {
      for (let index = 1; index < column.length; index += 1) {
        const above = column[index - 1] ?? 0;
        const below = column[index] ?? 0;
        if (crossing(above, below) <= crossing(below, above)) continue;
        [column[index - 1], column[index]] = [below, above];
        [place[above], place[below]] = [index, index - 1];
        better = true;
      }
    }
  }
  return order;
}

function crossed(above: readonly number[] = [], below: readonly number[] = [], place: Int32Array): number {
  let found = 0;
  for (const a of above) for (const b of below) if ((place[b] ?? 0) < (place[a] ?? 0)) found += 1;
  return found;
}
