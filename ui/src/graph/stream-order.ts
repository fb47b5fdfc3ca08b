/** The order of nodes in a list: after what they depend on, branches together; cut where all must wait for all. */

import { type Dependencies, mirrored, topologicalOrder } from "./dependencies";
import type { Walk } from "./walk";

/** All nodes of a stretch come after all of the stretch before; a stretch of one is a step beside which nothing runs. */
export type Stretch = readonly string[];

/** Above this many nodes stretches are not looked for: they need a bit for each pair. */
const CUT_NODES_MAX = 4_000;

export function streamOrder(walk: Walk): Stretch[] {
  const { keys, out, into } = plainGraph(walk);
  const missing = into.map((sources) => sources.length);
  const placed = new Uint8Array(keys.length);
  const order: number[] = [];
  // Last in, first out: a branch is followed to its end before the next one starts.
  const ready = missing.flatMap((count, node) => (count === 0 ? [node] : [])).reverse();
  for (const fallback of topologicalOrder({ out, into })) {
    for (let node = ready.pop() ?? fallback; !placed[node]; node = ready.pop() ?? fallback) {
      placed[node] = 1;
      order.push(node);
      for (const target of (out[node] ?? []).toReversed()) {
        missing[target] = (missing[target] ?? 0) - 1;
        if (missing[target] === 0) ready.push(target);
      }
    }
  }
  const isNode = (index: number) => walk.nodes.has(keys[index] ?? "");
  const nodes = order.filter(isNode).map((node) => keys[node] ?? "");
  const cuts = cutsOf(ancestorsOf(order, into, isNode));
  return cuts.map((cut, index) => nodes.slice(cut, cuts[index + 1]));
}

/** Nodes, junctions, and two gates for each box at which lines end. Targets are sorted from the top of the page down. */
function plainGraph(walk: Walk): { keys: readonly string[] } & Pick<Dependencies, "out" | "into"> {
  const height = (key: string) => (walk.nodes.get(key) ?? walk.boxes.get(key))?.y ?? 0;
  const column = (key: string) => (walk.nodes.get(key) ?? walk.boxes.get(key))?.x ?? 0;
  const keys = [...walk.nodes.keys()].sort((a, b) => height(a) - height(b) || column(a) - column(b));
  keys.push(...walk.junctions);
  const gates = [...walk.boxes.keys()].filter((box) => walk.out.has(box) || walk.into.has(box));
  keys.push(...gates.map((box) => `>${box}`), ...gates.map((box) => `${box}>`));
  const place = new Map(keys.map((key, index) => [key, index]));
  const out: number[][] = keys.map(() => []);
  const join = (source: string, target: string) => {
    const [from, to] = [place.get(source), place.get(target)];
    if (from !== undefined && to !== undefined) out[from]?.push(to);
  };
  for (const [source, targets] of walk.out) {
    for (const target of targets) {
      join(walk.boxes.has(source) ? `${source}>` : source, walk.boxes.has(target) ? `>${target}` : target);
    }
  }
  for (const box of gates) {
    for (const member of new Set((walk.boxes.get(box)?.tasks ?? []).map((task) => walk.nodeOf.get(task) ?? ""))) {
      join(`>${box}`, member);
      join(member, `${box}>`);
    }
  }
  return { keys, ...mirrored(out) };
}

/** Places in the order before which everything must have ended: nobody behind has fewer ancestors than stand before. */
function cutsOf(ancestors: readonly number[]): number[] {
  const cuts: number[] = [];
  let fewest = Number.POSITIVE_INFINITY;
  for (let place = ancestors.length - 1; place >= 0; place -= 1) {
    fewest = Math.min(fewest, ancestors[place] ?? 0);
    if (fewest >= place) cuts.push(place);
  }
  return cuts.reverse();
}

/** How many nodes each node waits for, itself not counted, in the given order; 0 for all when they are too many. */
function ancestorsOf(
  order: readonly number[],
  into: readonly (readonly number[])[],
  isNode: (index: number) => boolean,
): number[] {
  const nodes = order.filter(isNode);
  if (nodes.length > CUT_NODES_MAX) return nodes.map(() => 0);
  const bit = new Map(nodes.map((node, index) => [node, index]));
  const words = (nodes.length + 31) >>> 5;
  const waits = new Uint32Array(into.length * words);
  const found: number[] = [];
  for (const node of order) {
    const row = node * words;
    for (const source of into[node] ?? []) {
      for (let word = 0; word < words; word += 1) {
        waits[row + word] = (waits[row + word] ?? 0) | (waits[source * words + word] ?? 0);
      }
      const own = bit.get(source);
      if (own !== undefined) waits[row + (own >>> 5)] = (waits[row + (own >>> 5)] ?? 0) | (1 << (own & 31));
    }
    if (bit.has(node)) found.push(bitsIn(waits.subarray(row, row + words)));
  }
  return found;
}

function bitsIn(words: Uint32Array): number {
  let count = 0;
  for (const word of words) for (let left = word; left !== 0; left &= left - 1) count += 1;
  return count;
}
