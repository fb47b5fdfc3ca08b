/** The graph as a list with a rail: what a phone shows and a screen reader reads. */

import type { PlacedNode } from "./model";
import { type Stretch, streamOrder } from "./stream-order";
import type { Walk } from "./walk";

export type Rail = "none" | "thin" | "critical" | "dry";

/** A node beside the rail hangs on its `branch`; one on the rail has none. */
export interface StreamRow {
  node: PlacedNode;
  indent: 0 | 1;
  above: Rail;
  below: Rail;
  branch: Rail;
}

/** `critical` and `dry`: keys of nodes on the critical path, and of those that never ran because something failed. */
export function streamRows(
  walk: Walk,
  critical: ReadonlySet<string>,
  dry: ReadonlySet<string>,
  order: readonly Stretch[] = streamOrder(walk),
): StreamRow[] {
  const stretches = order.map((keys) =>
    keys.flatMap((key): StreamRow[] => {
      const node = walk.nodes.get(key);
      return node ? [{ node, indent: keys.length > 1 ? 1 : 0, above: "none", below: "none", branch: "none" }] : [];
    }),
  );
  stretches.forEach((stretch, index) => {
    drawStretch(stretch, stretches[index - 1]?.at(-1), stretches[index + 1] ?? [], { critical, dry });
  });
  return stretches.flat();
}

interface Marked {
  critical: ReadonlySet<string>;
  dry: ReadonlySet<string>;
}

/** One step, or nodes side by side: there the critical path leaves the rail and comes back to it. */
function drawStretch(
  stretch: readonly StreamRow[],
  before: StreamRow | undefined,
  behind: readonly StreamRow[],
  { critical, dry }: Marked,
): void {
  const isCritical = (row: StreamRow) => critical.has(row.node.key);
  const isDry = (row: StreamRow) => dry.has(row.node.key);
  const last = stretch.findLastIndex(isCritical);
  const allDry = stretch.every(isDry);
  const passing = rail(false, allDry);
  const wayIn = rail(true, allDry);
  const wayOut = rail(last >= 0 && behind.some(isCritical), allDry || behind.every(isDry));
  stretch.forEach((row, index) => {
    if (row.indent === 1) row.branch = rail(isCritical(row), isDry(row));
    if (index > 0) row.above = index <= last ? wayIn : passing;
    else if (before) row.above = before.below;
    if (index < stretch.length - 1) row.below = index < last ? wayIn : passing;
    else if (behind.length > 0) row.below = wayOut;
  });
}

function rail(critical: boolean, dry: boolean): Rail {
  return dry ? "dry" : critical ? "critical" : "thin";
}
