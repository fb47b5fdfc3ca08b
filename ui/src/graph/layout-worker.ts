/** Lays out beside the page, so that a graph of thousands of tasks never blocks it. */
import { arrange } from "./arrange";
import { type Answer, GRAPHS_KEPT, type Question } from "./layout-messages";
import type { DagShape } from "./model";

const graphs = new Map<number, DagShape>();

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  if (data.graph) graphs.set(data.graphId, data.graph);
  const graph = graphs.get(data.graphId);
  for (const id of [...graphs.keys()].slice(0, -GRAPHS_KEPT)) graphs.delete(id);
  if (!graph) throw new Error(`the graph ${data.graphId} was never sent to the layout worker`);
  postMessage({ id: data.id, arrangement: arrange({ graph, ...data.request }) } satisfies Answer);
});
