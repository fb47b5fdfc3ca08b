/** Places everything of a scene: containers from the inside out, then lines from end to end. */

import type { Density } from "./density";
import { type FlowLayout, type FlowNode, layoutFlow } from "./flow";
import { isFold } from "./fold-state";
import { type FoldTree, tasksOf } from "./fold-tree";
import type { EdgeWay, Lifted } from "./lifting";
import type { Layout, PlacedBox, PlacedEdge, PlacedNode, Point } from "./model";
import type { Scene } from "./scene";
import { layoutStack } from "./stack";

/** `boxed`: a few tasks side by side get a box as well. `widths`: what the tasks' names need, in the order of the DAG. */
export interface LayoutInput {
  tree: FoldTree;
  scene: Scene;
  lifted: Lifted;
  widths: ArrayLike<number>;
  foldWidth: number;
  density: Density;
  pageWidth: number;
  boxed: boolean;
}

interface Padding {
  top: number;
  side: number;
  bottom: number;
}

/** A laid out container; coordinates inside it are from its left edge and its anchor line. */
interface Inside {
  width: number;
  up: number;
  down: number;
  at: Map<number, { x: number; y: number; width: number; up: number; down: number }>;
  routes: Map<string, Point[]>;
  exits: Map<number, Point[]>;
  entries: Map<number, Point[]>;
  box: boolean;
}

const BOX: Padding = { top: 30, side: 26, bottom: 14 };
const BARE: Padding = { top: 0, side: 0, bottom: 0 };

export function layoutScene(input: LayoutInput): Layout {
  const { scene, lifted } = input;
  const insides = new Map<number, Inside>();
  for (const container of [...scene.content.keys()].reverse()) {
    insides.set(container, layoutInside(input, insides, container));
  }
  const root = insides.get(input.tree.root);
  const placed: Placement = { input, scene, insides, origins: new Map(), nodes: [], boxes: [] };
  place(placed, input.tree.root, { x: 0, y: root?.up ?? 0 }, 0);
  const junctions = scene.junctions.map((junction) => {
    const spot = spotOf(placed, junction);
    return { key: keyOf(input, junction), x: spot.x, y: spot.y };
  });
  return {
    width: root?.width ?? 0,
    height: root ? root.up + root.down : 0,
    nodes: placed.nodes,
    boxes: placed.boxes,
    junctions,
    edges: lifted.ways.map((way) => drawEdge(placed, way)),
  };
}

function keyOf(input: LayoutInput, index: number): string {
  return input.tree.parts[index]?.key ?? "";
}

function layoutInside(input: LayoutInput, insides: Map<number, Inside>, container: number): Inside {
  const { scene, lifted, density } = input;
  const children = scene.content.get(container) ?? [];
  const nodes = children.map((child) => flowNode(input, insides, child));
  const part = input.tree.parts[container];
  const box =
    part !== undefined && isFold(part) && (part.kind !== "parallel" || input.boxed || scene.grids.has(container));
  const padding = box ? BOX : BARE;
  const laid =
    part?.kind === "parallel"
      ? {
          ...layoutStack(nodes, scene.grids.has(container), density.gapNodes),
          routes: [],
          exits: new Map(),
          entries: new Map(),
        }
      : layoutFlow(nodes, flowGraph(lifted, container, children), {
          fill: container === input.tree.root ? input.pageWidth : 0,
          wrap: density.wrap ? input.pageWidth - padding.side * 2 : 0,
          gapNodes: density.gapNodes,
          gapColumns: density.gapColumns,
        });
  const middle = anchorOf(laid, gatesOf(lifted, container, children));
  const shifted = (points: readonly Point[] = []) =>
    points.map((point) => ({ x: point.x + padding.side, y: point.y - middle }));
  const byChild = (lines: ReadonlyMap<number, Point[]>) =>
    new Map([...lines].map(([place, points]) => [children[place] ?? -1, shifted(points)]));
  const keys = [...(lifted.lines.get(container)?.edges.keys() ?? [])];
  return {
    width: laid.width + padding.side * 2,
    up: middle - laid.top + padding.top,
    down: laid.bottom - middle + padding.bottom,
    at: new Map(
      children.map((child, index) => {
        const { up = 0, down = 0 } = nodes[index] ?? {};
        const x = (laid.x[index] ?? 0) + padding.side;
        return [child, { x, y: (laid.y[index] ?? 0) - middle, width: laid.widths[index] ?? 0, up, down }];
      }),
    ),
    routes: new Map(keys.map((key, index) => [key, shifted(laid.routes[index])])),
    exits: byChild(laid.exits),
    entries: byChild(laid.entries),
    box,
  };
}

/** Children with lines to beyond the container, by their places in it. */
function gatesOf({ lines }: Lifted, container: number, children: readonly number[]): number[] {
  const own = lines.get(container);
  return [...children.keys()].filter((place) => {
    const child = children[place] ?? -1;
    return own?.exits.has(child) || own?.entries.has(child);
  });
}

/** A container hangs on its lines: where all of them come and go at one height, that is its own. */
function anchorOf({ top, bottom, y }: Pick<FlowLayout, "top" | "bottom" | "y">, gates: readonly number[]): number {
  const [height, ...others] = new Set(gates.map((place) => y[place] ?? 0));
  return height !== undefined && others.length === 0 ? height : Math.round((top + bottom) / 2);
}

function flowNode(input: LayoutInput, insides: Map<number, Inside>, child: number): FlowNode {
  const part = input.tree.parts[child];
  const rank = part?.first ?? 0;
  const inside = insides.get(child);
  if (inside) return { width: inside.width, up: inside.up, down: inside.down, leaf: false, rank };
  if (part?.kind === "junction") return { width: 0, up: 0, down: 0, leaf: false, rank };
  const { nodeHeight, widthMin, widthMax, widthBeside } = input.density;
  const needed = part?.kind === "task" ? (input.widths[child] ?? input.foldWidth) : input.foldWidth;
  const width = Math.round(Math.min(widthMax, Math.max(widthMin, needed + widthBeside)));
  return { width, up: nodeHeight / 2, down: nodeHeight / 2, leaf: true, rank };
}

function flowGraph({ lines }: Lifted, container: number, children: readonly number[]) {
  const place = new Map(children.map((child, index) => [child, index]));
  const local = (child: number) => place.get(child) ?? 0;
  const own = lines.get(container);
  return {
    count: children.length,
    edges: [...(own?.edges.values() ?? [])].map(([a, b]): [number, number] => [local(a), local(b)]),
    exits: new Set([...(own?.exits ?? [])].map(local)),
    entries: new Set([...(own?.entries ?? [])].map(local)),
  };
}

interface Placement {
  input: LayoutInput;
  scene: Scene;
  insides: Map<number, Inside>;
  /** Container -> its left edge and anchor line on the page. */
  origins: Map<number, Point>;
  nodes: PlacedNode[];
  boxes: PlacedBox[];
}

function place(placed: Placement, container: number, origin: Point, depth: number): void {
  const { input, scene, insides } = placed;
  const inside = insides.get(container);
  if (!inside) return;
  placed.origins.set(container, origin);
  for (const [child, at] of inside.at) {
    const part = input.tree.parts[child];
    const nested = insides.get(child);
    if (!part || part.kind === "junction" || part.kind === "root") continue;
    const frame = {
      key: part.key,
      label: part.label,
      tasks: tasksOf(input.tree, child).map((id) => input.tree.taskIds[id] ?? ""),
    };
    const corner = { x: origin.x + at.x, y: origin.y + at.y - at.up, width: at.width, height: at.up + at.down };
    if (nested) {
      if (nested.box && part.kind !== "task") placed.boxes.push({ ...frame, ...corner, kind: part.kind, depth });
      place(placed, child, { x: origin.x + at.x, y: origin.y + at.y }, depth + (nested.box ? 1 : 0));
    } else {
      const parent = keyOf(input, scene.folded.get(child) ?? -1);
      placed.nodes.push({ ...frame, ...corner, kind: part.kind, parent });
    }
  }
}

/** The left edge, line and width of a leaf, junction or container on the page. */
function spotOf({ scene, insides, origins }: Placement, index: number): Point & { width: number } {
  const owner = scene.owner.get(index) ?? -1;
  const at = insides.get(owner)?.at.get(index);
  const origin = origins.get(owner);
  return at && origin ? { x: origin.x + at.x, y: origin.y + at.y, width: at.width } : { x: 0, y: 0, width: 0 };
}

function drawEdge(placed: Placement, way: EdgeWay): PlacedEdge {
  const onPage = (container: number, points: readonly Point[] = []) => {
    const origin = placed.origins.get(container) ?? { x: 0, y: 0 };
    return points.map((point) => ({ x: origin.x + point.x, y: origin.y + point.y }));
  };
  const inside = (container: number) => placed.insides.get(container);
  const from = spotOf(placed, way.source);
  const to = spotOf(placed, way.target);
  const points = [
    { x: from.x + from.width, y: from.y },
    ...way.out.flatMap(({ child, container }) => onPage(container, inside(container)?.exits.get(child))),
    ...onPage(way.across.container, inside(way.across.container)?.routes.get(way.across.key)),
    ...way.into.flatMap(({ child, container }) => onPage(container, inside(container)?.entries.get(child))),
    { x: to.x, y: to.y },
  ];
  const [source, target] = [keyOf(placed.input, way.source), keyOf(placed.input, way.target)];
  return { key: `${source}>${target}`, source, target, points: withoutIdlePoints(points) };
}

/** Of points at one height only the outer two are needed. */
function withoutIdlePoints(points: readonly Point[]): Point[] {
  return points.filter((point, index) => {
    const [before, next] = [points[index - 1], points[index + 1]];
    if (before && before.x === point.x && before.y === point.y && next) return false;
    return !before || !next || before.y !== point.y || next.y !== point.y;
  });
}
