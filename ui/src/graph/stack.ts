/** Things side by side, without lines between them: a column, or a grid when they are many. */

import type { FlowNode } from "./flow";

/** Left edges and anchors of the children; the content reaches from `top` to `bottom`. */
export interface Stack {
  x: number[];
  y: number[];
  widths: number[];
  width: number;
  top: number;
  bottom: number;
}

/** How much wider than high a grid may be: screens are. */
const ASPECT = 1.8;

export function layoutStack(nodes: readonly FlowNode[], grid: boolean, gap: number): Stack {
  const leaf = Math.max(0, ...nodes.filter((node) => node.leaf).map((node) => node.width));
  const widths = nodes.map((node) => (node.leaf ? leaf : node.width));
  const columns = grid ? columnsOf(nodes, widths, gap) : 1;
  const columnWidths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...widths.filter((_, index) => index % columns === column)),
  );
  const lefts = columnWidths.map((_, column) =>
    columnWidths.slice(0, column).reduce((sum, width) => sum + width + gap, 0),
  );
  const y: number[] = [];
  let top = 0;
  for (let start = 0; start < nodes.length; start += columns) {
    const row = nodes.slice(start, start + columns);
    const up = Math.max(...row.map((node) => node.up));
    for (const _ of row) y.push(top + up);
    top += up + Math.max(...row.map((node) => node.down)) + gap;
  }
  return {
    x: widths.map((_, index) => lefts[index % columns] ?? 0),
    y,
    widths,
    width: columnWidths.reduce((sum, width) => sum + width + gap, -gap),
    top: 0,
    bottom: Math.max(0, top - gap),
  };
}

function columnsOf(nodes: readonly FlowNode[], widths: readonly number[], gap: number): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number + gap, 0) / numbers.length;
  const height = mean(nodes.map((node) => node.up + node.down));
  const columns = Math.round(Math.sqrt((nodes.length * height * ASPECT) / mean(widths)));
  return Math.min(nodes.length, Math.max(2, columns));
}
