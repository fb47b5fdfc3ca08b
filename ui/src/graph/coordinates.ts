/** Heights of nodes: near what they are joined to, never overlapping, in the given order. */

import type { Neighbours } from "./crossings";

/** `up` and `down`: how far a node reaches above and below its line. `pull`: how stiff its lines are. */
export interface Body {
  up: number;
  down: number;
  gap: number;
  pull: number;
}

/**
 * Sweeps over the columns; in each the nodes go to the mean of their neighbours, and the nearest heights that keep
 * order and distance are found exactly: least squares under order constraints (pool adjacent violators, Ayer 1955).
 */
export function heights(
  order: readonly (readonly number[])[],
  near: Neighbours,
  bodies: readonly Body[],
): Float64Array {
  const y = new Float64Array(bodies.length);
  const apart = (above: number, below: number): number => {
    const [a, b] = [bodies[above], bodies[below]];
    return a && b ? a.down + b.up + Math.max(a.gap, b.gap) : 0;
  };
  for (const column of order) {
    column.forEach((node, index) => {
      const above = column[index - 1];
      y[node] = above === undefined ? 0 : (y[above] ?? 0) + apart(above, node);
    });
    const middle = ((y[column[0] ?? 0] ?? 0) + (y[column.at(-1) ?? 0] ?? 0)) / 2;
    for (const node of column) y[node] = (y[node] ?? 0) - middle;
  }
  const sweeps = bodies.length > 2_000 ? 8 : 24;
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const last = sweep >= sweeps - 2;
    const rightwards = sweep % 2 === 0;
    for (const column of rightwards ? order : order.toReversed()) {
      settle(column, y, bodies, apart, (node) => {
        const side = rightwards ? near.left[node] : near.right[node];
        return last || side?.length === 0 ? [...(near.left[node] ?? []), ...(near.right[node] ?? [])] : (side ?? []);
      });
    }
  }
  straighten(order, near, y, apart);
  return y;
}

/** A line that is level but for this much looks like a mistake. */
const NEARLY_LEVEL = 7;

function straighten(
  order: readonly (readonly number[])[],
  near: Neighbours,
  y: Float64Array,
  apart: (above: number, below: number) => number,
): void {
  for (const column of order) {
    column.forEach((node, index) => {
      const [above, below] = [column[index - 1], column[index + 1]];
      const own = y[node] ?? 0;
      const least = above === undefined ? Number.NEGATIVE_INFINITY : (y[above] ?? 0) + apart(above, node);
      const most = below === undefined ? Number.POSITIVE_INFINITY : (y[below] ?? 0) - apart(node, below);
      const levels = (near.left[node] ?? []).map((left) => y[left] ?? 0);
      const level = levels.find((at) => Math.abs(at - own) < NEARLY_LEVEL && at >= least - 0.5 && at <= most + 0.5);
      if (level !== undefined) y[node] = level;
    });
  }
}

interface Block {
  from: number;
  weight: number;
  sum: number;
}

function settle(
  column: readonly number[],
  y: Float64Array,
  bodies: readonly Body[],
  apart: (above: number, below: number) => number,
  neighbours: (node: number) => readonly number[],
): void {
  const shift = new Float64Array(column.length);
  const blocks: Block[] = [];
  column.forEach((node, index) => {
    const above = column[index - 1];
    shift[index] = above === undefined ? 0 : (shift[index - 1] ?? 0) + apart(above, node);
    const [wanted, weight] = wish(node, y, bodies, neighbours(node));
    blocks.push({ from: index, weight, sum: (wanted - (shift[index] ?? 0)) * weight });
    for (;;) {
      const [before, last] = [blocks.at(-2), blocks.at(-1)];
      if (!before || !last || before.sum / before.weight <= last.sum / last.weight) break;
      before.weight += last.weight;
      before.sum += last.sum;
      blocks.pop();
    }
  });
  blocks.forEach((block, index) => {
    const end = blocks[index + 1]?.from ?? column.length;
    for (let at = block.from; at < end; at += 1) y[column[at] ?? 0] = block.sum / block.weight + (shift[at] ?? 0);
  });
}

/** Where a node would like to be, and how much. */
function wish(node: number, y: Float64Array, bodies: readonly Body[], neighbours: readonly number[]): [number, number] {
  const own = bodies[node]?.pull ?? 1;
  let weight = 0;
  let sum = 0;
  for (const neighbour of neighbours) {
    const pull = own * (bodies[neighbour]?.pull ?? 1);
    weight += pull;
    sum += (y[neighbour] ?? 0) * pull;
  }
  return weight > 0 ? [sum / weight, weight] : [y[node] ?? 0, 0.1];
}
