/** A container seen from inside: its children as nodes, with the edges of everything in them. */

import type { FoldTree } from "./fold-tree";

/** Nodes are places in `parts`, the container's children. `…Outside` tells the neighbours beyond the container. */
export interface Quotient {
  parts: readonly number[];
  out: number[][];
  into: number[][];
  outOutside: string[];
  intoOutside: string[];
}

export function quotientOf(tree: FoldTree, container: number): Quotient {
  const parts = tree.parts[container]?.children ?? [];
  const { out: nodesOut, into: nodesInto } = tree.dependencies;
  const inside = parts.map((part) => nodesOf(tree, part));
  const local = new Int32Array(nodesOut.length).fill(-1);
  inside.forEach((nodes, place) => {
    for (const node of nodes) local[node] = place;
  });
  const look = (nodes: number[], place: number, neighbours: readonly (readonly number[])[]): [number[], string] => {
    const near = new Set<number>();
    const far = new Set<number>();
    for (const node of nodes) {
      for (const neighbour of neighbours[node] ?? []) {
        const other = local[neighbour] ?? -1;
        if (other < 0) far.add(neighbour);
        else if (other !== place) near.add(other);
      }
    }
    return [ascending(near), ascending(far).join()];
  };
  const out = inside.map((nodes, place) => look(nodes, place, nodesOut));
  const into = inside.map((nodes, place) => look(nodes, place, nodesInto));
  return {
    parts: [...parts],
    out: out.map(([near]) => near),
    into: into.map(([near]) => near),
    outOutside: out.map(([, far]) => far),
    intoOutside: into.map(([, far]) => far),
  };
}

function ascending(numbers: Set<number>): number[] {
  return [...numbers].sort((a, b) => a - b);
}

/** Tasks and junctions inside a part, itself when it is one. */
export function nodesOf(tree: FoldTree, index: number): number[] {
  const found: number[] = [];
  const left = [index];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    const part = tree.parts[at];
    if (part?.kind === "task" || part?.kind === "junction") found.push(at);
    else if (part) left.push(...part.children);
  }
  return found;
}

/** Sets of more than one node that reach each other (Tarjan 1972, without recursion). */
export function strongParts({ out }: Pick<Quotient, "out">): number[][] {
  const search: StrongSearch = {
    seen: new Int32Array(out.length).fill(-1),
    low: new Int32Array(out.length),
    onStack: new Uint8Array(out.length),
    stack: [],
    clock: 0,
    found: [],
  };
  for (let start = 0; start < out.length; start += 1) {
    if ((search.seen[start] ?? -1) < 0) searchFrom(search, out, start);
  }
  return search.found;
}

interface StrongSearch {
  seen: Int32Array;
  low: Int32Array;
  onStack: Uint8Array;
  stack: number[];
  clock: number;
  found: number[][];
}

function searchFrom(search: StrongSearch, out: readonly number[][], start: number): void {
  const { seen, low, onStack } = search;
  const calls: { node: number; next: number }[] = [];
  const enter = (node: number) => {
    seen[node] = search.clock;
    low[node] = search.clock;
    search.clock += 1;
    search.stack.push(node);
    onStack[node] = 1;
    calls.push({ node, next: 0 });
  };
  enter(start);
  for (let call = calls.at(-1); call; call = calls.at(-1)) {
    const { node } = call;
    const target = out[node]?.[call.next];
    call.next += 1;
    if (target === undefined) {
      calls.pop();
      const caller = calls.at(-1);
      if (caller) low[caller.node] = Math.min(low[caller.node] ?? 0, low[node] ?? 0);
      if (low[node] === seen[node]) collect(search, node);
    } else if ((seen[target] ?? -1) < 0) enter(target);
    else if (onStack[target]) low[node] = Math.min(low[node] ?? 0, seen[target] ?? 0);
  }
}

function collect({ stack, onStack, found }: StrongSearch, first: number): void {
  const strong = stack.splice(stack.indexOf(first));
  for (const member of strong) onStack[member] = 0;
  if (strong.length > 1) found.push(strong);
}
