/** Edges between leaves, told container by container: each flow sees only lines between its own children. */

import type { Scene } from "./scene";

/** Lines inside one container; `exits` and `entries` are children with lines to beyond it. */
export interface ContainerLines {
  edges: Map<string, [number, number]>;
  exits: Set<number>;
  entries: Set<number>;
}

/** The way of one edge: out of containers, across the one that holds both ends, into containers. */
export interface EdgeWay {
  source: number;
  target: number;
  out: { child: number; container: number }[];
  across: { key: string; container: number };
  into: { child: number; container: number }[];
}

export interface Lifted {
  lines: Map<number, ContainerLines>;
  ways: EdgeWay[];
}

export function liftEdges(scene: Scene): Lifted {
  const lines = new Map<number, ContainerLines>();
  for (const container of scene.content.keys()) {
    lines.set(container, { edges: new Map(), exits: new Set(), entries: new Set() });
  }
  const ways = scene.edges.flatMap(({ source, target }) => {
    const [from, to] = [climb(scene, source), climb(scene, target)];
    const holders = new Set(from.map((step) => step.container));
    const inner = to.findIndex((step) => holders.has(step.container));
    const container = to[inner]?.container;
    const outer = from.findIndex((step) => step.container === container);
    const [near, far] = [from[outer]?.child, to[inner]?.child];
    if (container === undefined || near === undefined || far === undefined || near === far) return [];
    const way: EdgeWay = {
      source,
      target,
      out: from.slice(0, outer),
      across: { key: `${near}>${far}`, container },
      into: to.slice(0, inner).reverse(),
    };
    lines.get(container)?.edges.set(way.across.key, [near, far]);
    for (const step of way.out) lines.get(step.container)?.exits.add(step.child);
    for (const step of way.into) lines.get(step.container)?.entries.add(step.child);
    return [way];
  });
  return { lines, ways };
}

/** The containers around an end, from the innermost, each with its child on the way. */
function climb(scene: Scene, end: number): { child: number; container: number }[] {
  const steps: { child: number; container: number }[] = [];
  let child = end;
  for (let container = scene.owner.get(end); container !== undefined; container = scene.owner.get(container)) {
    steps.push({ child, container });
    child = container;
  }
  return steps;
}
