/** What of a layout is in sight: only that is drawn. */
import type { Layout, PlacedBox, PlacedEdge, PlacedJunction, PlacedNode, Point, Size } from "./model";

export interface Sight extends Point, Size {}

/** More nodes than this in sight are drawn as plain blocks: nobody reads so many names at once. */
export const READ_NODES_MAX = 200;

export interface InSight {
  nodes: readonly PlacedNode[];
  boxes: readonly PlacedBox[];
  edges: readonly PlacedEdge[];
  junctions: readonly PlacedJunction[];
}

export function inSight(layout: Layout, sight: Sight, spans: ReadonlyMap<string, Sight>): InSight {
  return {
    nodes: layout.nodes.filter((node) => meets(node, sight)),
    boxes: layout.boxes.filter((box) => meets(box, sight)),
    junctions: layout.junctions.filter(({ x, y }) => meets({ x, y, width: 0, height: 0 }, sight)),
    edges: layout.edges.filter((edge) => meets(spans.get(edge.key) ?? sight, sight)),
  };
}

/** The frames of all lines, by key; worked out once a layout. */
export function spansOf(layout: Layout): Map<string, Sight> {
  return new Map(layout.edges.map((edge) => [edge.key, spanOf(edge.points)]));
}

function spanOf(points: readonly Point[]): Sight {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function meets(a: Sight, b: Sight): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

/** In steps, so that a scrolled page is not drawn anew at each pixel: what is `around` lies ready. */
export function sightAround(view: Sight, around: number): Sight {
  const left = Math.floor(view.x / around) * around - around;
  const top = Math.floor(view.y / around) * around - around;
  const right = Math.ceil((view.x + view.width) / around) * around + around;
  const bottom = Math.ceil((view.y + view.height) / around) * around + around;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
