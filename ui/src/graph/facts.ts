/** What can be told of a DAG from its graph alone: how long it is and what is parallel. */
import { readDependencies, topologicalOrder } from "./dependencies";
import { buildFoldTree, tasksOf } from "./fold-tree";
import type { DagShape } from "./model";

/** `steps`: how many tasks follow each other at most. `parallel`: the largest part of tasks side by side, or empty. */
export interface GraphFacts {
  steps: number;
  parallel: readonly string[];
}

export function graphFacts(graph: DagShape): GraphFacts {
  const dependencies = readDependencies(graph);
  const depth = new Int32Array(dependencies.out.length);
  let steps = 0;
  for (const node of topologicalOrder(dependencies)) {
    const own = (depth[node] ?? 0) + (node < dependencies.tasks ? 1 : 0);
    steps = Math.max(steps, own);
    for (const target of dependencies.out[node] ?? []) depth[target] = Math.max(depth[target] ?? 0, own);
  }
  const tree = buildFoldTree(graph, dependencies);
  const twins = tree.parts.flatMap((part, index) => (part.kind === "parallel" ? [tasksOf(tree, index)] : []));
  const [most = []] = twins.toSorted((a, b) => b.length - a.length);
  return { steps, parallel: most.map((task) => tree.taskIds[task] ?? "") };
}
