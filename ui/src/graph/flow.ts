/** Lays out one container: columns from left to right, lines through them. */

import { type Body, heights } from "./coordinates";
import { neighboursOf, orderColumns } from "./crossings";
import { drawLines, type FlowLines } from "./flow-lines";
import { type FlowGraph, type Layered, layered } from "./layering";
import { type Band, breakRows, mapRows, type RowColumn } from "./rows";

/** A node of the flow. `leaf`: drawn as wide as the widest leaf of its column. `rank`: its place in the DAG. */
export interface FlowNode {
  width: number;
  up: number;
  down: number;
  leaf: boolean;
  rank: number;
}

export interface FlowLayout extends FlowLines {
  /** Left edges. */
  x: number[];
  /** Lines (anchors) of the nodes. */
  y: number[];
  widths: number[];
  width: number;
  top: number;
  bottom: number;
}

const GAP_BENDS = 10;
const GAP_COLUMNS_MAX = 148;
/** A column gets a pixel more before it for so many pixels that its steepest line climbs. */
const CLIMB_PER_PIXEL = 4;

/** `fill`: move columns apart to this width, as far as that looks well. `wrap`: wider flows break into rows. 0: no. */
export interface FlowStyle {
  fill: number;
  wrap: number;
  gapNodes: number;
  gapColumns: number;
}

export function layoutFlow(nodes: readonly FlowNode[], graph: FlowGraph, style: FlowStyle): FlowLayout {
  const bent = layered(graph);
  const order = orderColumns(bent, ranks(nodes, bent));
  const bodies = Array.from(bent.layer, (_, index): Body => {
    const node = nodes[index];
    if (!node) return { up: 0, down: 0, gap: GAP_BENDS, pull: 2 };
    return { up: node.up, down: node.down, gap: node.width > 0 ? style.gapNodes : GAP_BENDS, pull: 1 };
  });
  const y = heights(order, neighboursOf(bent), bodies).map(Math.round);
  const columns = placeColumns(nodes, bent, y, style.gapColumns);
  const starts = breakRows(columns, style.wrap);
  if (starts.length === 1) spread(columns, style.fill);
  const rows = mapRows(columns, starts, bandsOf(starts, bent, bodies, y));
  const widths = nodes.map((node, index) => (node.leaf ? (columns[bent.layer[index] ?? 0]?.leaf ?? 0) : node.width));
  const x = nodes.map((_, index) => {
    const column = columns[bent.layer[index] ?? 0];
    return column ? Math.round(column.x + (column.width - (widths[index] ?? 0)) / 2) : 0;
  });
  const shifts = nodes.map((_, index) => rows.shift(bent.layer[index] ?? 0));
  return {
    x: x.map((left, index) => left + (shifts[index]?.x ?? 0)),
    y: x.map((_, index) => (y[index] ?? 0) + (shifts[index]?.y ?? 0)),
    widths,
    width: rows.width,
    top: rows.top,
    bottom: rows.bottom,
    ...drawLines({ graph, bent, columns, x, widths, y, rows }),
  };
}

/** What each row needs above and below its line. */
function bandsOf(starts: readonly number[], bent: Layered, bodies: readonly Body[], y: Float64Array): Band[] {
  const bands = starts.map(() => ({ top: Number.POSITIVE_INFINITY, bottom: Number.NEGATIVE_INFINITY }));
  const rowOf = Array.from({ length: bent.layers }, (_, layer) => starts.findLastIndex((start) => start <= layer));
  bodies.forEach((body, index) => {
    const band = bands[rowOf[bent.layer[index] ?? 0] ?? 0];
    if (!band) return;
    band.top = Math.min(band.top, (y[index] ?? 0) - body.up);
    band.bottom = Math.max(band.bottom, (y[index] ?? 0) + body.down);
  });
  return bands.map((band) => (band.top <= band.bottom ? band : { top: 0, bottom: 0 }));
}

/** A bend ranks with the node whose line it carries. */
function ranks(nodes: readonly FlowNode[], bent: Layered): Float64Array {
  const rank = Float64Array.from(bent.layer, (_, index) => nodes[index]?.rank ?? 0);
  for (const trunks of [bent.trunks, bent.entryTrunks]) {
    for (const [node, trunk] of trunks) for (const bend of trunk) rank[bend] = rank[node] ?? 0;
  }
  return rank;
}

interface Column extends RowColumn {
  leaf: number;
  /** What stands between it and the column before. */
  gap: number;
}

function placeColumns(nodes: readonly FlowNode[], bent: Layered, y: Float64Array, least: number): Column[] {
  const columns = Array.from(
    { length: bent.layers },
    (): Column => ({ x: 0, width: 0, leaf: 0, lines: 0, gap: least }),
  );
  nodes.forEach((node, index) => {
    const column = columns[bent.layer[index] ?? 0];
    if (!column) return;
    column.width = Math.max(column.width, node.width);
    if (node.leaf) column.leaf = Math.max(column.leaf, node.width);
  });
  const passing = columns.map(() => new Set<number>());
  for (const [source, to] of bent.links) {
    const column = columns[bent.layer[to] ?? 0];
    if (!column) continue;
    passing[bent.layer[to] ?? 0]?.add(source);
    const climb = Math.abs((y[source] ?? 0) - (y[to] ?? 0));
    column.gap = Math.max(column.gap, Math.min(least * 2, least + climb / CLIMB_PER_PIXEL));
  }
  columns.forEach((column, index) => {
    column.lines = passing[index]?.size ?? 0;
  });
  line(columns);
  return columns;
}

function line(columns: readonly Column[]): void {
  let x = 0;
  columns.forEach((column, index) => {
    x += index === 0 ? 0 : column.gap;
    column.x = Math.round(x);
    x += column.width;
  });
}

/** Widens the narrowest gaps first until the width is filled or all are as wide as looks well. */
function spread(columns: readonly Column[], fill: number): void {
  const gaps = columns.slice(1);
  const last = columns.at(-1);
  let spare = last ? fill - last.x - last.width : 0;
  while (spare > 1) {
    const least = Math.min(...gaps.map((column) => column.gap));
    if (!(least < GAP_COLUMNS_MAX)) break;
    const narrow = gaps.filter((column) => column.gap < least + 1);
    const next = Math.min(GAP_COLUMNS_MAX, ...gaps.filter((column) => column.gap >= least + 1).map(({ gap }) => gap));
    const step = Math.min(next - least, spare / narrow.length);
    for (const column of narrow) column.gap = least + step;
    spare -= step * narrow.length;
  }
  line(columns);
}
