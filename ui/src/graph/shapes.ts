/** Graphs for tests, the bench and the gallery: the shapes that DAGs have, at any size. */

import type { DagShape, EdgeBundle, GraphGroup } from "./model";

/** Edges as pairs become bundles of one to one. */
export function graphOf(tasks: readonly string[], pairs: readonly (readonly [string, string])[]): DagShape {
  return {
    tasks: tasks.map((task_id) => ({ task_id })),
    edges: pairs.map(([source, target]) => ({ upstream: [source], downstream: [target] })),
  };
}

/** Numbers like `load_007`, so that names sort as they run. */
export function names(prefix: string, count: number): string[] {
  const digits = String(count).length;
  return Array.from({ length: count }, (_, index) => `${prefix}_${String(index + 1).padStart(digits, "0")}`);
}

export function chain(count: number): DagShape {
  const tasks = names("step", count);
  return graphOf(
    tasks,
    tasks.slice(1).map((task, index): [string, string] => [tasks[index] ?? "", task]),
  );
}

/** One task, many side by side, one task. */
export function fanOut(width: number): DagShape {
  const many = names("load", width);
  return bundled(
    ["start", ...many, "finish"],
    [
      { upstream: ["start"], downstream: many },
      { upstream: many, downstream: ["finish"] },
    ],
  );
}

/** Layers of which each stands wholly before the next: width² edges between two layers. */
export function layerCake(layers: number, width: number): DagShape {
  const rows = Array.from({ length: layers }, (_, layer) => names(`layer_${layer + 1}`, width));
  return bundled(
    rows.flat(),
    rows.slice(1).map((row, index) => ({ upstream: rows[index] ?? [], downstream: row })),
  );
}

/** Each task after up to three of the hundred before it; the same seed gives the same graph. */
export function randomDag(count: number, seed: number): DagShape {
  const next = generator(seed);
  const tasks = names("task", count);
  const edges = tasks.slice(1).flatMap((task, index): EdgeBundle[] => {
    const sources = new Set<string>();
    for (let tries = 1 + Math.floor(next() * 3); tries > 0; tries -= 1) {
      sources.add(tasks[Math.max(0, index - Math.floor(next() * 100))] ?? "");
    }
    return [{ upstream: [...sources], downstream: [task] }];
  });
  return bundled(tasks, edges);
}

/** Groups in a row, each with a fan inside. */
export function grouped(groups: number, width: number): DagShape {
  const tasks: { task_id: string; group: string }[] = [];
  const edges: EdgeBundle[] = [];
  const labels: GraphGroup[] = [];
  for (let index = 0; index < groups; index += 1) {
    const group = `area_${index + 1}`;
    const members = names(`${group}.table`, width);
    const [first, last] = [`${group}.begin`, `${group}.end`];
    labels.push({ group_id: group, label: `Area ${index + 1}` });
    tasks.push(...[first, ...members, last].map((task_id) => ({ task_id, group })));
    edges.push({ upstream: [first], downstream: members }, { upstream: members, downstream: [last] });
    if (index > 0) edges.push({ upstream: [`area_${index}.end`], downstream: [first] });
  }
  return { tasks, edges, groups: labels };
}

function bundled(tasks: readonly string[], edges: readonly EdgeBundle[]): DagShape {
  return { tasks: tasks.map((task_id) => ({ task_id })), edges };
}

/** Mulberry32: 32 bits of state, good enough for shapes. Numbers in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
