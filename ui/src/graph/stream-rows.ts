/** The graph as a list with a rail: what a phone shows and a screen reader reads. */

import type { PlacedNode } from "./model";
import { streamOrder } from "./stream-order";
import { beyond, type Walk } from "./walk";

export type Rail = "none" | "thin" | "critical" | "dry";

/** A node beside the rail hangs on its `branch`; one on the rail has none. `after` and `before`: nodes and boxes. */
export interface StreamRow {
  node: PlacedNode;
  indent: 0 | 1;
  above: Rail;
  below: Rail;
  branch: Rail;
  after: readonly string[];
  before: readonly string[];
}

/** `critical` and `dry`: keys of nodes on the critical path, and of those that never ran because something failed. */
export function streamRows(walk: Walk, critical: ReadonlySet<string>, dry: ReadonlySet<string>): StreamRow[] {
  const stretches = streamOrder(walk).map((keys) =>
    keys.flatMap((key): StreamRow[] => {
      const node = walk.nodes.get(key);
      if (!node) return [];
      const ends = { after: beyond(walk, key, "before"), before: beyond(walk, key, "behind") };
      return [{ node, indent: keys.length > 1 ? 1 : 0, above: "none", below: "none", branch: "none", ...ends }];
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
  const first = stretch.findIndex(isCritical);
  const allDry = stretch.every(isDry);
  const passing = rail(false, allDry);
  const wayIn = rail(true, allDry);
  const wayOut = rail(first >= 0 && behind.some(isCritical), allDry || behind.every(isDry));
  stretch.forEach((row, index) => {
    if (row.indent === 1) row.branch = rail(isCritical(row), isDry(row));
    if (index > 0) row.above = index <= first ? wayIn : passing;
    else if (before) row.above = before.below;
    if (index < stretch.length - 1) row.below = index < first ? wayIn : passing;
    else if (behind.length > 0) row.below = wayOut;
  });
}

function rail(critical: boolean, dry: boolean): Rail {
  return dry ? "dry" : critical ? "critical" : "thin";
}
