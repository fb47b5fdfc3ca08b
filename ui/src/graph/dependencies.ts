/** Reads the bundles of a DAG into one sparse graph of tasks and junctions, without the edges that others imply. */

import type { DagShape } from "./model";

/** Below this many lines a bundle is easier to read drawn out than through a junction. */
const LINES_DRAWN_OUT = 6;

/** Above this many nodes implied edges stay: finding them needs a bit for each pair. */
const REDUCED_NODES_MAX = 16_000;

/** Nodes 0 … tasks-1 are tasks in the order of the DAG, the rest are junctions. `out` and `into` mirror each other. */
export interface Dependencies {
  tasks: number;
  out: readonly (readonly number[])[];
  into: readonly (readonly number[])[];
}

interface Bundle {
  upstream: number[];
  downstream: Set<number>;
}

/** Unknown task ids are left out; an edge against the order of tasks stays and is drawn backwards. */
export function readDependencies(graph: DagShape): Dependencies {
  const index = new Map(graph.tasks.map((task, position) => [task.task_id, position]));
  const out: Set<number>[] = graph.tasks.map(() => new Set());
  for (const { upstream, downstream } of joinedBundles(graph, index)) {
    const through = upstream.length > 1 && downstream.size > 1 && upstream.length * downstream.size > LINES_DRAWN_OUT;
    if (through) {
      const junction = out.length;
      out.push(new Set(downstream));
      for (const source of upstream) out[source]?.add(junction);
    } else {
      for (const source of upstream) for (const target of downstream) if (source !== target) out[source]?.add(target);
    }
  }
  return withoutIdleJunctions(withoutImplied({ tasks: graph.tasks.length, ...mirrored(out.map((to) => [...to])) }));
}

/** Bundles with the same upstream become one, so a file that names each edge alone is drawn as well as one of bundles. */
function joinedBundles(graph: DagShape, index: Map<string, number>): Bundle[] {
  const joined = new Map<string, Bundle>();
  for (const edge of graph.edges) {
    const upstream = known(edge.upstream, index);
    const key = upstream.join();
    const bundle = joined.get(key) ?? { upstream, downstream: new Set() };
    joined.set(key, bundle);
    for (const target of known(edge.downstream, index)) bundle.downstream.add(target);
  }
  return [...joinedFanIns(joined.values())];
}

/** The mirror image: `a -> {x, y}` and `b -> {x, y}` are one bundle too. */
function joinedFanIns(bundles: Iterable<Bundle>): Iterable<Bundle> {
  const joined = new Map<string, Bundle>();
  for (const bundle of bundles) {
    const key = [...bundle.downstream].sort((a, b) => a - b).join();
    const same = joined.get(key);
    if (same) same.upstream = [...new Set([...same.upstream, ...bundle.upstream])].sort((a, b) => a - b);
    else joined.set(key, bundle);
  }
  return joined.values();
}

function known(ids: readonly string[], index: Map<string, number>): number[] {
  const found = new Set<number>();
  for (const id of ids) {
    const position = index.get(id);
    if (position !== undefined) found.add(position);
  }
  return [...found].sort((a, b) => a - b);
}

/** Both directions of an adjacency list, sorted. */
export function mirrored(out: number[][]): Pick<Dependencies, "out" | "into"> {
  const into: number[][] = out.map(() => []);
  out.forEach((targets, source) => {
    targets.sort((a, b) => a - b);
    for (const target of targets) into[target]?.push(source);
  });
  return { out, into };
}

/** Nodes so that each stands after what it depends on; nodes of a cycle come where the first of them would. */
export function topologicalOrder({ out, into }: Pick<Dependencies, "out" | "into">): number[] {
  const missing = into.map((sources) => sources.length);
  const order: number[] = [];
  const placed = new Uint8Array(out.length);
  const ready = missing.flatMap((count, node) => (count === 0 ? [node] : []));
  const follow = () => {
    for (let node = ready[head]; node !== undefined; head += 1, node = ready[head]) {
      if (placed[node]) continue;
      placed[node] = 1;
      order.push(node);
      for (const target of out[node] ?? []) {
        missing[target] = (missing[target] ?? 0) - 1;
        if (missing[target] === 0) ready.push(target);
      }
    }
  };
  let head = 0;
  follow();
  for (let next = 0; order.length < out.length; next += 1) {
    if (placed[next]) continue;
    ready.push(next);
    follow();
  }
  return order;
}

/** Transitive reduction (Aho, Garey, Ullman 1972) over bit sets; edges that close a cycle stay. */
export function withoutImplied<T extends Dependencies>(graph: T): T {
  const count = graph.out.length;
  if (count > REDUCED_NODES_MAX) return graph;
  const order = topologicalOrder(graph);
  const rank = new Int32Array(count);
  order.forEach((node, position) => {
    rank[node] = position;
  });
  const words = (count + 31) >>> 5;
  const reach = new Uint32Array(count * words);
  const kept: number[][] = graph.out.map(() => []);
  const join = (row: number, target: number) => {
    for (let word = 0; word < words; word += 1) {
      reach[row + word] = (reach[row + word] ?? 0) | (reach[target * words + word] ?? 0);
    }
    reach[row + (target >>> 5)] = (reach[row + (target >>> 5)] ?? 0) | (1 << (target & 31));
  };
  for (const node of order.toReversed()) {
    const row = node * words;
    const targets = [...(graph.out[node] ?? [])].sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
    for (const target of targets) {
      const backward = (rank[target] ?? 0) <= (rank[node] ?? 0);
      const implied = ((reach[row + (target >>> 5)] ?? 0) >>> (target & 31)) & 1;
      if (backward || !implied) kept[node]?.push(target);
      if (!backward && !implied) join(row, target);
    }
  }
  return { ...graph, ...mirrored(kept) };
}

/** A junction with one line in or one line out is no junction: its neighbours are joined directly. */
export function withoutIdleJunctions(graph: Dependencies): Dependencies {
  const out = graph.out.map((targets) => new Set(targets));
  const into = graph.into.map((sources) => new Set(sources));
  for (let junction = graph.tasks; junction < out.length; junction += 1) {
    const sources = [...(into[junction] ?? [])];
    const targets = [...(out[junction] ?? [])];
    if (sources.length > 1 && targets.length > 1) continue;
    for (const source of sources) out[source]?.delete(junction);
    for (const target of targets) into[target]?.delete(junction);
    for (const source of sources) {
      for (const target of targets) {
        out[source]?.add(target);
        into[target]?.add(source);
      }
    }
    out[junction]?.clear();
    into[junction]?.clear();
  }
  return { tasks: graph.tasks, ...mirrored(out.map((targets) => [...targets])) };
}
