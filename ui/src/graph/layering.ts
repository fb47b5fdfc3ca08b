/** Columns of a flow: which node stands in which, and the bends of lines that cross columns. */

import { mirrored, topologicalOrder } from "./dependencies";

/** Nodes are numbers. `exits` have lines to beyond the flow, `entries` from before it. */
export interface FlowGraph {
  count: number;
  edges: readonly (readonly [number, number])[];
  exits: ReadonlySet<number>;
  entries: ReadonlySet<number>;
}

/** Nodes from `count` on are bends. `links` go from one column to the next. */
export interface Layered {
  layer: Int32Array;
  layers: number;
  links: [number, number][];
  /** Node -> its bends in the columns behind it: all its long lines share them until they part. */
  trunks: Map<number, number[]>;
  /** Node -> bends in the columns before it, for lines from before the flow. */
  entryTrunks: Map<number, number[]>;
}

/** More bends than this cost more time than they save confusion; the longest lines then go straight. */
const BENDS_MAX = 8_000;
const STRAIGHT_SPAN = 6;

export function layered(graph: FlowGraph): Layered {
  const { forward, layer } = columns(graph);
  const layers = graph.count === 0 ? 0 : Math.max(...layer.subarray(0, graph.count)) + 1;
  const bent: Layered = { layer, layers, links: [], trunks: new Map(), entryTrunks: new Map() };
  bendLines(graph, bent, forward);
  return bent;
}

/** The longest line that gets bends. */
function spanMax(layer: Int32Array, forward: number[][]): number {
  let bends = 0;
  forward.forEach((targets, source) => {
    const from = layer[source] ?? 0;
    bends += Math.max(0, ...targets.map((target) => (layer[target] ?? 0) - from - 1));
  });
  return bends > BENDS_MAX ? STRAIGHT_SPAN : Number.POSITIVE_INFINITY;
}

/** Longest path from the start; then what is needed late moves to those that need it. */
function columns(graph: FlowGraph): { forward: number[][]; layer: Int32Array } {
  const given: number[][] = Array.from({ length: graph.count }, () => []);
  for (const [source, target] of graph.edges) given[source]?.push(target);
  const rank = new Int32Array(graph.count);
  topologicalOrder(mirrored(given)).forEach((node, position) => {
    rank[node] = position;
  });
  const forward: number[][] = Array.from({ length: graph.count }, () => []);
  const backward: number[][] = Array.from({ length: graph.count }, () => []);
  for (const [source, target] of graph.edges) {
    const ahead = (rank[source] ?? 0) < (rank[target] ?? 0);
    forward[ahead ? source : target]?.push(ahead ? target : source);
    backward[ahead ? target : source]?.push(ahead ? source : target);
  }
  return { forward, layer: longestPaths(graph, rank, forward, backward) };
}

function longestPaths(graph: FlowGraph, rank: Int32Array, forward: number[][], backward: number[][]): Int32Array {
  const order = Array.from(rank.keys()).sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
  const layer = new Int32Array(graph.count);
  for (const node of order) {
    for (const source of backward[node] ?? []) layer[node] = Math.max(layer[node] ?? 0, (layer[source] ?? 0) + 1);
  }
  for (const node of order.reverse()) {
    const to = forward[node] ?? [];
    const pull = to.length - (backward[node]?.length ?? 0) - (graph.entries.has(node) ? 1 : 0);
    if (to.length > 0 && pull > 0) layer[node] = Math.min(...to.map((target) => layer[target] ?? 0)) - 1;
  }
  return layer;
}

function bendLines(graph: FlowGraph, bent: Layered, forward: number[][]): void {
  const layers: number[] = Array.from(bent.layer.subarray(0, graph.count));
  const furthest = spanMax(bent.layer, forward);
  const bend = (layer: number) => layers.push(layer) - 1;
  for (let node = 0; node < graph.count; node += 1) {
    const from = layers[node] ?? 0;
    const targets = (forward[node] ?? []).filter((target) => (layers[target] ?? 0) - from <= furthest);
    const last = Math.max(from, ...targets.map((target) => (layers[target] ?? 0) - 1));
    const end = graph.exits.has(node) ? bent.layers - 1 : last;
    const trunk: number[] = [];
    for (let layer = from + 1; layer <= end; layer += 1) {
      const next = bend(layer);
      bent.links.push([trunk.at(-1) ?? node, next]);
      trunk.push(next);
    }
    if (trunk.length > 0) bent.trunks.set(node, trunk);
    for (const target of targets) {
      const before = (layers[target] ?? 0) - from - 2;
      bent.links.push([before < 0 ? node : (trunk[before] ?? node), target]);
    }
    if (graph.entries.has(node) && from > 0) {
      const entry = Array.from({ length: from }, (_, layer) => bend(layer));
      entry.forEach((at, index) => {
        bent.links.push([at, entry[index + 1] ?? node]);
      });
      bent.entryTrunks.set(node, entry);
    }
  }
  bent.layer = Int32Array.from(layers);
}
