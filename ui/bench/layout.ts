/** How long layouts take in Node: each shape at 200, 2,000 and 10,000 tasks, as it opens and with all folds open. */
import { type Arrangement, arrange } from "../src/graph/arrange";
import type { Open } from "../src/graph/fold-state";
import type { DagShape } from "../src/graph/model";
import { chain, fanOut, grouped, layerCake, randomDag } from "../src/graph/shapes";

const shapes: Record<string, (count: number) => DagShape> = {
  wide: (count) => fanOut(count - 2),
  deep: chain,
  random: (count) => randomDag(count, 7),
  "all-to-all layers of 100": (count) => layerCake(count / 100, 100),
  "all-to-all layers of 20": (count) => layerCake(count / 20, 20),
  groups: (count) => grouped(count / 50, 48),
};

/** Processor time of this process, which other work on the machine does not stretch. */
function timed(graph: DagShape, open: Open): { ms: number; arrangement: Arrangement } {
  const widths = graph.tasks.map(() => 170);
  const start = process.cpuUsage();
  const page = { width: 1342, height: 504 };
  const arrangement = arrange({ graph, open, widths, foldWidth: 206, page, bars: true, boxed: true });
  const { user, system } = process.cpuUsage(start);
  return { ms: (user + system) / 1_000, arrangement };
}

const rows = Object.entries(shapes).flatMap(([shape, make]) =>
  [200, 2_000, 10_000].map((tasks) => {
    const first = timed(make(tasks), "first");
    const all = timed(make(tasks), "all");
    const { layout } = first.arrangement;
    return {
      shape,
      tasks,
      "opens, ms": Math.round(first.ms),
      "nodes shown": layout.nodes.length,
      size: `${Math.round(layout.width)} × ${Math.round(layout.height)}`,
      "all open, ms": Math.round(all.ms),
    };
  }),
);
console.table(rows);
