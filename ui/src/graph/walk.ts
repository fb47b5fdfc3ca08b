/** Ways along the lines of a placed graph: what stands before and behind, and where the arrow keys lead. */

import type { Layout, PlacedBox, PlacedNode, Point } from "./model";

export type Direction = "left" | "right" | "up" | "down";

/** An index of one layout for walking it. Ends of lines are nodes, boxes of grids, or junctions. */
export interface Walk {
  nodes: ReadonlyMap<string, PlacedNode>;
  boxes: ReadonlyMap<string, PlacedBox>;
  /** Task id -> the node that shows it. */
  nodeOf: ReadonlyMap<string, string>;
  out: ReadonlyMap<string, readonly string[]>;
  into: ReadonlyMap<string, readonly string[]>;
  junctions: ReadonlySet<string>;
  /** Node -> the boxes around it at whose borders its lines end. */
  gates: ReadonlyMap<string, readonly string[]>;
}

export function buildWalk(layout: Layout): Walk {
  const out = new Map<string, string[]>();
  const into = new Map<string, string[]>();
  for (const { source, target } of layout.edges) {
    push(out, source, target);
    push(into, target, source);
  }
  const nodeOf = new Map(layout.nodes.flatMap((node) => node.tasks.map((task): [string, string] => [task, node.key])));
  return {
    nodes: new Map(layout.nodes.map((node) => [node.key, node])),
    boxes: new Map(layout.boxes.map((box) => [box.key, box])),
    nodeOf,
    out,
    into,
    junctions: new Set(layout.junctions.map((junction) => junction.key)),
    gates: gatesOf(
      layout.boxes.filter(({ key }) => out.has(key) || into.has(key)),
      nodeOf,
    ),
  };
}

function push(lines: Map<string, string[]>, from: string, to: string): void {
  const known = lines.get(from);
  if (known) known.push(to);
  else lines.set(from, [to]);
}

function gatesOf(boxes: readonly PlacedBox[], nodeOf: ReadonlyMap<string, string>): Map<string, string[]> {
  const gates = new Map<string, string[]>();
  for (const box of boxes) {
    for (const node of new Set(box.tasks.map((task) => nodeOf.get(task) ?? ""))) push(gates, node, box.key);
  }
  return gates;
}

/** Nodes and boxes at the other end of the lines, junctions passed through; from the top of the page down. */
export function beyond(walk: Walk, key: string, side: "before" | "behind"): string[] {
  const lines = side === "before" ? walk.into : walk.out;
  const found = new Set<string>();
  const left = endsOf(walk, key).flatMap((end) => lines.get(end) ?? []);
  for (const next of left) {
    if (walk.junctions.has(next)) left.push(...(lines.get(next) ?? []));
    else found.add(next);
  }
  const height = (end: string) => (walk.nodes.get(end) ?? walk.boxes.get(end))?.y ?? 0;
  return [...found].sort((a, b) => height(a) - height(b));
}

/** Where lines of a node may end: at itself, or at the border of a grid around it. */
function endsOf(walk: Walk, key: string): string[] {
  return walk.out.has(key) || walk.into.has(key) ? [key] : [key, ...(walk.gates.get(key) ?? [])];
}

/** The node an arrow key leads to, "" at an end: along a line sideways, within a column up and down. */
export function step(walk: Walk, key: string, direction: Direction, critical: ReadonlySet<string>): string {
  const from = walk.nodes.get(key);
  if (!from) return "";
  if (direction === "up" || direction === "down") return nextInColumn(walk, from, direction);
  const ends = beyond(walk, key, direction === "left" ? "before" : "behind");
  const nodes = ends.flatMap((end) => walk.nodes.get(end) ?? nodesIn(walk, end));
  const distance = (node: PlacedNode) => Math.abs(middle(node).y - middle(from).y);
  const [best] = nodes.toSorted(
    (a, b) => Number(critical.has(b.key)) - Number(critical.has(a.key)) || distance(a) - distance(b) || a.x - b.x,
  );
  return best?.key ?? "";
}

function nodesIn(walk: Walk, key: string): PlacedNode[] {
  const keys = new Set((walk.boxes.get(key)?.tasks ?? []).map((task) => walk.nodeOf.get(task) ?? ""));
  return [...keys].flatMap((each) => walk.nodes.get(each) ?? []);
}

function nextInColumn(walk: Walk, from: PlacedNode, direction: "up" | "down"): string {
  const sign = direction === "down" ? 1 : -1;
  const start = middle(from);
  let best = "";
  let nearest = Number.POSITIVE_INFINITY;
  for (const node of walk.nodes.values()) {
    const { x, y } = middle(node);
    const ahead = (y - start.y) * sign;
    const aside = Math.abs(x - start.x);
    if (node === from || ahead <= 0 || aside > (node.width + from.width) / 2) continue;
    if (ahead + aside * 2 < nearest) [nearest, best] = [ahead + aside * 2, node.key];
  }
  return best;
}

export function middle(node: Point & { width: number; height: number }): Point {
  return { x: node.x + node.width / 2, y: node.y + node.height / 2 };
}

/** Keys of the lines that a path of tasks takes; where folding left no line for a step, the shortest way round. */
export function linesOf(walk: Walk, path: readonly string[]): Set<string> {
  const lines = new Set<string>();
  const stops = path.map((task) => walk.nodeOf.get(task)).filter((key) => key !== undefined);
  stops.forEach((stop, index) => {
    const next = stops[index + 1];
    if (next === undefined || next === stop) return;
    for (const line of shortestWay(walk, endsOf(walk, stop), new Set(endsOf(walk, next)))) lines.add(line);
  });
  return lines;
}

function shortestWay(walk: Walk, starts: readonly string[], goals: ReadonlySet<string>): string[] {
  const from = new Map<string, string>(starts.map((start) => [start, ""]));
  const queue = [...starts];
  for (let head = 0; head < queue.length; head += 1) {
    const at = queue[head] ?? "";
    if (goals.has(at) && !starts.includes(at)) {
      const lines: string[] = [];
      for (let end = at, start = from.get(end); start; end = start, start = from.get(end))
        lines.push(`${start}>${end}`);
      return lines;
    }
    for (const next of walk.out.get(at) ?? []) {
      if (from.has(next)) continue;
      from.set(next, at);
      queue.push(next);
    }
  }
  return [];
}
