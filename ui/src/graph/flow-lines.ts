/** Lines of a flow: level while they cross a column, so that they bend only between columns. */

import type { FlowGraph, Layered } from "./layering";
import type { Point } from "./model";
import type { ColumnPoint, RowMap } from "./rows";

/** Points lie between the two ends of a line; the ends are not among them. By edge, and by node for the others. */
export interface FlowLines {
  routes: Point[][];
  exits: Map<number, Point[]>;
  entries: Map<number, Point[]>;
}

/** `x` and `y` are of the flow before it was broken into rows. */
export interface Drawn {
  graph: FlowGraph;
  bent: Layered;
  columns: readonly { x: number; width: number }[];
  x: readonly number[];
  widths: readonly number[];
  y: Float64Array;
  rows: RowMap;
}

export function drawLines(drawn: Drawn): FlowLines {
  const { graph, bent, rows } = drawn;
  const layerOf = (node: number) => bent.layer[node] ?? 0;
  const bends = (trunk: readonly number[] = [], before: number = bent.layers) =>
    trunk.filter((bend) => layerOf(bend) < before).flatMap((bend) => acrossColumn(drawn, bend));
  const routes = graph.edges.map(([source, target]) => {
    const [from, to] = layerOf(source) < layerOf(target) ? [source, target] : [target, source];
    const between = layerOf(to) - layerOf(from) > 1 ? bends(bent.trunks.get(from), layerOf(to)) : [];
    const route = rows.wrap([...leaving(drawn, from), ...between, ...entering(drawn, to)]).slice(1, -1);
    return from === source ? route : route.reverse();
  });
  const exits = new Map<number, Point[]>();
  for (const node of graph.exits) {
    exits.set(node, rows.wrap([...leaving(drawn, node), ...bends(bent.trunks.get(node))]).slice(1));
  }
  const entries = new Map<number, Point[]>();
  for (const node of graph.entries) {
    entries.set(node, rows.wrap([...bends(bent.entryTrunks.get(node)), ...entering(drawn, node)]).slice(0, -1));
  }
  return { routes, exits, entries };
}

function acrossColumn({ bent, columns, y }: Drawn, bend: number): ColumnPoint[] {
  const column = bent.layer[bend] ?? 0;
  const { x = 0, width = 0 } = columns[column] ?? {};
  const left = { x, y: y[bend] ?? 0, column };
  return width === 0 ? [left] : [left, { ...left, x: x + width }];
}

/** The end at the node itself, then the edge of its column where it is narrower than that. */
function leaving({ bent, columns, x, widths, y }: Drawn, node: number): ColumnPoint[] {
  const column = bent.layer[node] ?? 0;
  const end = { x: (x[node] ?? 0) + (widths[node] ?? 0), y: y[node] ?? 0, column };
  const edge = (columns[column]?.x ?? 0) + (columns[column]?.width ?? 0);
  return end.x < edge - 1 ? [end, { ...end, x: edge }] : [end];
}

function entering({ bent, columns, x, y }: Drawn, node: number): ColumnPoint[] {
  const column = bent.layer[node] ?? 0;
  const end = { x: x[node] ?? 0, y: y[node] ?? 0, column };
  const edge = columns[column]?.x ?? 0;
  return end.x > edge + 1 ? [{ ...end, x: edge }, end] : [end];
}
