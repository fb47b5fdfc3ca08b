/** What is to be drawn when some folds are open: leaves, the containers around them, and edges between leaves. */

import { type Dependencies, mirrored, withoutIdleJunctions, withoutImplied } from "./dependencies";
import { isFold } from "./fold-state";
import type { FoldTree, Part } from "./fold-tree";

/** A parallel part with more children than this becomes a grid, and its edges end at its border. */
export const COLUMN_MAX = 6;

/** Indexes are those of the tree's parts. */
export interface Scene {
  /** Container (the root, open groups and parallel parts) -> what stands in it: leaves, junctions and containers. */
  content: Map<number, number[]>;
  /** Leaf, junction or container -> its container; the root has none. */
  owner: Map<number, number>;
  grids: Set<number>;
  edges: { source: number; target: number }[];
  /** Junctions that still join anything. */
  junctions: number[];
  /** Leaf -> the innermost open fold around it, loose ones too. */
  folded: Map<number, number>;
}

export function buildScene(tree: FoldTree, open: ReadonlySet<string>): Scene {
  const scene: Scene = {
    content: new Map([[tree.root, []]]),
    owner: new Map(),
    grids: new Set(),
    edges: [],
    junctions: [],
    folded: new Map(),
  };
  const plan: Plan = { tree, open, scene, endOf: new Int32Array(tree.dependencies.out.length).fill(-1) };
  const root = { owner: tree.root, fold: -1, end: -1 };
  for (const child of byFirst(tree, tree.parts[tree.root])) show(plan, child, root);
  connect(tree, scene, plan.endOf);
  return scene;
}

/** `endOf`: node -> the leaf or grid at which its lines end. */
interface Plan {
  tree: FoldTree;
  open: ReadonlySet<string>;
  scene: Scene;
  endOf: Int32Array;
}

/** Where a part stands: its container, the open fold around it, and the grid that takes its lines, -1 when none. */
interface Place {
  owner: number;
  fold: number;
  end: number;
}

function show(plan: Plan, index: number, place: Place): void {
  const { tree, open, scene } = plan;
  const part = tree.parts[index];
  if (!part) return;
  if (!isFold(part) || !open.has(part.key)) showLeaf(plan, index, place);
  else if (part.loose) for (const child of part.children) show(plan, child, { ...place, fold: index });
  else {
    scene.owner.set(index, place.owner);
    scene.content.get(place.owner)?.push(index);
    scene.content.set(index, []);
    const grid = part.kind === "parallel" && part.children.length > COLUMN_MAX;
    if (grid) scene.grids.add(index);
    const inside = { owner: index, fold: index, end: place.end < 0 && grid ? index : place.end };
    for (const child of byFirst(tree, part)) show(plan, child, inside);
  }
}

function showLeaf({ tree, scene, endOf }: Plan, index: number, { owner, fold, end }: Place): void {
  scene.folded.set(index, fold);
  scene.owner.set(index, owner);
  if (tree.parts[index]?.kind !== "junction") scene.content.get(owner)?.push(index);
  for (const node of leavesOf(tree, index)) endOf[node] = end < 0 ? index : end;
}

function byFirst(tree: FoldTree, part: Part | undefined): number[] {
  const first = (index: number) => tree.parts[index]?.first ?? 0;
  return (part?.children ?? []).toSorted((a, b) => first(a) - first(b));
}

function leavesOf(tree: FoldTree, index: number): number[] {
  const part = tree.parts[index];
  if (!part) return [];
  return part.kind === "task" || part.kind === "junction"
    ? [index]
    : part.children.flatMap((child) => leavesOf(tree, child));
}

/** Folding makes many edges one, idles junctions and implies edges that were needed before. */
function connect(tree: FoldTree, scene: Scene, endOf: Int32Array): void {
  const isJunction = (end: number) => tree.parts[end]?.kind === "junction";
  const ends = [...new Set(endOf)].filter((end) => end >= 0);
  const order = [...ends.filter((end) => !isJunction(end)), ...ends.filter(isJunction)];
  const place = new Map(order.map((end, index) => [end, index]));
  const targets: Set<number>[] = order.map(() => new Set());
  tree.dependencies.out.forEach((out, node) => {
    const source = place.get(endOf[node] ?? -1);
    for (const next of out) {
      const target = place.get(endOf[next] ?? -1);
      if (source !== undefined && target !== undefined && source !== target) targets[source]?.add(target);
    }
  });
  const full: Dependencies = {
    tasks: ends.filter((end) => !isJunction(end)).length,
    ...mirrored(targets.map((to) => [...to])),
  };
  const shown = withoutImplied(withoutIdleJunctions(full));
  shown.out.forEach((to, index) => {
    for (const target of to) scene.edges.push({ source: order[index] ?? -1, target: order[target] ?? -1 });
  });
  order.forEach((end, index) => {
    if (!isJunction(end) || shown.out[index]?.length === 0) return;
    scene.junctions.push(end);
    scene.content.get(scene.owner.get(end) ?? tree.root)?.push(end);
  });
}
