/** The tree of what can be folded: the author's groups, and in crowded ones the parts found by shape. */

import { type Dependencies, topologicalOrder } from "./dependencies";
import type { DagShape, FoldKind } from "./model";
import { type Quotient, quotientOf, strongParts } from "./quotient";

/** More nodes than this in one place are folded. */
export const CROWD = 60;

/** A fold of more than this is cut into equal parts, so that opening one is never a flood. Twins stand in a grid. */
const FLOOD = CROWD;
const FLOOD_TWINS = 120;
const PIECE = 40;
const PIECES_MIN = 12;

/** `loose`: open, its children stand among those of its parent, without a box. `size`: tasks inside. */
export interface Part {
  key: string;
  kind: "task" | "junction" | "root" | FoldKind;
  label: string;
  parent: number;
  children: number[];
  size: number;
  first: number;
  loose: boolean;
}

/** Parts 0 … n-1 are the nodes of the dependencies (tasks, then junctions), then the root, groups and found folds. */
export interface FoldTree {
  parts: Part[];
  root: number;
  dependencies: Dependencies;
  taskIds: readonly string[];
}

/** The same graph always gives the same tree with the same keys. */
export function buildFoldTree(graph: DagShape, dependencies: Dependencies): FoldTree {
  const tree: FoldTree = { parts: [], root: 0, dependencies, taskIds: graph.tasks.map((task) => task.task_id) };
  tree.taskIds.forEach((id, first) => {
    addPart(tree, { key: id, kind: "task", label: id, size: 1, first });
  });
  for (let node = dependencies.tasks; node < dependencies.out.length; node += 1) {
    addPart(tree, { key: `junction:${node - dependencies.tasks}`, kind: "junction", label: "", size: 0, first: node });
  }
  tree.root = addPart(tree, { key: "", kind: "root", label: "", size: 0, first: 0 });
  const groups = addGroups(tree, graph);
  placeJunctions(tree);
  for (const container of [...groups.reverse(), tree.root]) {
    measure(tree, container);
    loosen(tree, container);
    foldTwins(tree, container, (part) => part.kind === "task");
    foldCrowd(tree, container);
  }
  return tree;
}

function addPart(tree: FoldTree, part: Pick<Part, "key" | "kind" | "label" | "size" | "first">): number {
  const loose = part.kind === "series" || part.kind === "layers";
  return tree.parts.push({ ...part, parent: -1, children: [], loose }) - 1;
}

function adopt(tree: FoldTree, parent: number, child: number): void {
  const part = tree.parts[child];
  if (part) part.parent = parent;
  tree.parts[parent]?.children.push(child);
}

/** A dotted path names a group in a group: `a.b` is inside `a`, even when nothing is in `a` itself. Parents first. */
function addGroups(tree: FoldTree, graph: DagShape): number[] {
  const labels = new Map((graph.groups ?? []).map((group) => [group.group_id, group.label]));
  const found = new Map<string, number>([["", tree.root]]);
  const added: number[] = [];
  const within = (path: string, first: number): number => {
    const known = found.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf(".");
    const parent = within(cut < 0 ? "" : path.slice(0, cut), first);
    const label = labels.get(path) || path.slice(cut + 1);
    const group = addPart(tree, { key: `group:${path}`, kind: "group", label, size: 0, first });
    adopt(tree, parent, group);
    found.set(path, group);
    added.push(group);
    return group;
  };
  graph.tasks.forEach((task, position) => {
    adopt(tree, within(task.group ?? "", position), position);
  });
  return added;
}

/** A junction lives in the innermost part that has all its ends. */
function placeJunctions(tree: FoldTree): void {
  const { tasks, out, into } = tree.dependencies;
  for (let junction = tasks; junction < out.length; junction += 1) {
    const ends = [...(into[junction] ?? []), ...(out[junction] ?? [])];
    if (ends.length === 0) continue;
    const paths = ends.map((end) => pathTo(tree, end));
    const shortest = Math.min(...paths.map((path) => path.length));
    let depth = 0;
    while (depth < shortest - 1 && paths.every((path) => path[depth + 1] === paths[0]?.[depth + 1])) depth += 1;
    adopt(tree, paths[0]?.[depth] ?? tree.root, junction);
  }
}

/** Parts from the root down to the parent of a part. */
export function pathTo(tree: FoldTree, part: number): number[] {
  const path: number[] = [];
  for (let up = tree.parts[part]?.parent ?? -1; up >= 0; up = tree.parts[up]?.parent ?? -1) path.push(up);
  return path.reverse();
}

function measure(tree: FoldTree, container: number): void {
  const part = tree.parts[container];
  if (!part) return;
  const children = part.children.flatMap((child) => tree.parts[child] ?? []);
  part.size = children.reduce((sum, child) => sum + child.size, 0);
  part.first = Math.min(...children.filter((child) => child.size > 0).map((child) => child.first));
  if (!Number.isFinite(part.first)) part.first = 0;
}

/** A group that a path leaves and enters again cannot be one box: closed it has lines both ways, open it has no box. */
function loosen(tree: FoldTree, container: number): void {
  const quotient = quotientOf(tree, container);
  for (const strong of strongParts(quotient)) {
    for (const local of strong) {
      const part = tree.parts[quotient.parts[local] ?? -1];
      if (part?.kind === "group") part.loose = true;
    }
  }
}

/** Parts with the same neighbours on both sides are side by side. */
function foldTwins(tree: FoldTree, container: number, fits: (part: Part) => boolean): boolean {
  const quotient = quotientOf(tree, container);
  const twins = new Map<string, number[]>();
  quotient.parts.forEach((index, local) => {
    const part = tree.parts[index];
    if (!part || part.kind === "junction" || !fits(part)) return;
    const key = [
      quotient.out[local],
      quotient.into[local],
      quotient.outOutside[local],
      quotient.intoOutside[local],
    ].join("|");
    twins.set(key, [...(twins.get(key) ?? []), index]);
  });
  const folded = [...twins.values()].filter((members) => members.length > 1);
  for (const members of folded) wrap(tree, container, "parallel", members);
  return folded.length > 0;
}

function foldCrowd(tree: FoldTree, container: number): void {
  const crowded = () => nodesIn(tree, container) > CROWD;
  let changed = true;
  while (crowded() && changed) {
    changed = foldChains(tree, container);
    if (crowded()) changed = foldTwins(tree, container, () => true) || changed;
  }
  if (crowded()) foldLayers(tree, container);
}

function nodesIn(tree: FoldTree, container: number): number {
  return (tree.parts[container]?.children ?? []).filter((child) => (tree.parts[child]?.size ?? 0) > 0).length;
}

/** Steps of which each has only the next behind it, and the next only it in front. */
function foldChains(tree: FoldTree, container: number): boolean {
  const quotient = quotientOf(tree, container);
  const only = (local: number): number => {
    const [next, ...more] = quotient.out[local] ?? [];
    if (next === undefined || more.length > 0 || quotient.outOutside[local] || quotient.intoOutside[next]) return -1;
    return quotient.into[next]?.length === 1 ? next : -1;
  };
  const follows = new Set(quotient.parts.map((_, local) => only(local)));
  let found = false;
  quotient.parts.forEach((_, start) => {
    if (follows.has(start)) return;
    const chain: number[] = [];
    for (let local = start; local >= 0 && chain.length < quotient.parts.length; local = only(local)) {
      chain.push(quotient.parts[local] ?? -1);
    }
    const members = withoutOuterJunctions(tree, chain);
    if (members.length < 2) return;
    wrap(tree, container, "series", members);
    found = true;
  });
  return found;
}

function withoutOuterJunctions(tree: FoldTree, chain: number[]): number[] {
  const isTask = (index: number) => (tree.parts[index]?.size ?? 0) > 0;
  const first = chain.findIndex(isTask);
  return first < 0 ? [] : chain.slice(first, chain.findLastIndex(isTask) + 1);
}

/** What no shape explains is folded by its distance from the start. */
function foldLayers(tree: FoldTree, container: number): void {
  const quotient = quotientOf(tree, container);
  const layerOf = layersOf(quotient);
  const layers: number[][] = Array.from({ length: Math.max(0, ...layerOf) + 1 }, () => []);
  quotient.parts.forEach((part, local) => {
    layers[layerOf[local] ?? 0]?.push(part);
  });
  const bands: number[][] = [];
  for (const layer of layers) {
    const hasTasks = layer.some((index) => (tree.parts[index]?.size ?? 0) > 0);
    const last = bands.at(-1);
    if (hasTasks || !last) bands.push(layer);
    else last.push(...layer);
  }
  const folded = bands.map((band) => (band.length > 1 ? wrap(tree, container, "layers", band) : (band[0] ?? -1)));
  if (folded.length > CROWD) cut(tree, container, "layers", folded);
}

function layersOf({ out, into }: Quotient): Int32Array {
  const layer = new Int32Array(out.length);
  for (const node of topologicalOrder({ out, into })) {
    for (const target of out[node] ?? []) layer[target] = Math.max(layer[target] ?? 0, (layer[node] ?? 0) + 1);
  }
  return layer;
}

/** Puts some children of a container into a new fold; more than a crowd of them into folds of that fold. */
function wrap(tree: FoldTree, container: number, kind: FoldKind, members: number[]): number {
  const sorted = kind === "series" ? members : members.toSorted((a, b) => firstOf(tree, a) - firstOf(tree, b));
  const fold = addPart(tree, { key: "", kind, label: "", size: 0, first: 0 });
  const parent = tree.parts[container];
  const moved = new Set(sorted);
  if (parent) parent.children = parent.children.filter((child) => !moved.has(child));
  for (const member of sorted) adopt(tree, fold, member);
  adopt(tree, container, fold);
  measure(tree, fold);
  const part = tree.parts[fold];
  if (part) {
    part.key = `${kind}:${tree.taskIds[part.first] ?? ""}+${part.size}`;
    part.label = commonName(tasksOf(tree, fold).map((task) => tree.taskIds[task] ?? ""));
  }
  if (nodesIn(tree, fold) > (kind === "parallel" ? FLOOD_TWINS : FLOOD)) cut(tree, fold, kind, sorted);
  return fold;
}

function firstOf(tree: FoldTree, index: number): number {
  return tree.parts[index]?.first ?? 0;
}

/** Into equal parts; junctions go with what stands before them. */
function cut(tree: FoldTree, container: number, kind: FoldKind, members: number[]): void {
  const tasksIn = (some: number[]) => some.filter((member) => (tree.parts[member]?.size ?? 0) > 0).length;
  const cuts = Math.min(CROWD, Math.max(PIECES_MIN, Math.ceil(members.length / PIECE)));
  const pieces: number[][] = [];
  for (let index = 0; index < cuts; index += 1) {
    const from = Math.round((index * members.length) / cuts);
    const some = members.slice(from, Math.round(((index + 1) * members.length) / cuts));
    if (tasksIn(some) > 0 || pieces.length === 0) pieces.push(some);
    else pieces.at(-1)?.push(...some);
  }
  for (const piece of pieces) {
    if (tasksIn(piece) > 1 && tasksIn(piece) < tasksIn(members)) wrap(tree, container, kind, piece);
  }
}

/** Tasks inside a part, in the order of the DAG. */
export function tasksOf(tree: FoldTree, index: number): number[] {
  const found: number[] = [];
  const left = [index];
  while (left.length > 0) {
    const part = tree.parts[left.pop() ?? -1];
    if (part?.kind === "task") found.push(part.first);
    else if (part) left.push(...part.children);
  }
  return found.sort((a, b) => a - b);
}

/** What names have in common at their beginning, up to a place where a word ends; "" when that says too little. */
export function commonName(names: readonly string[]): string {
  const [first = "", ...rest] = names;
  let length = first.length;
  for (const name of rest) {
    let same = 0;
    while (same < length && name[same] === first[same]) same += 1;
    length = same;
  }
  const common = first.slice(0, length);
  const word = common === first ? common : (/^(.*)[_.\-/]/.exec(common)?.[1] ?? "");
  return word.length >= 2 ? word : "";
}
