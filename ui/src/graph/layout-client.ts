/** Asks the layout worker; small graphs are laid out at once in the page. */
import { type Arrange, type Arrangement, arrange } from "./arrange";
import { type Answer, GRAPHS_KEPT, type Question } from "./layout-messages";
import type { DagShape } from "./model";

/** Up to this many tasks the page lays out faster than a worker starts. */
export const AT_ONCE_MAX = 120;

let worker: Worker | null = null;
let asked = 0;
let graphsSent = 0;
/** What the worker keeps; it forgets in the same order. */
let sent: { graph: DagShape; graphId: number }[] = [];
const waiting = new Map<number, { done: (arrangement: Arrangement) => void; failed: (error: Error) => void }>();

export function arrangeBeside({ graph, ...request }: Arrange): Promise<Arrangement> {
  const beside = started();
  const known = sent.find((one) => one.graph === graph);
  if (!known) {
    graphsSent += 1;
    sent = [...sent, { graph, graphId: graphsSent }].slice(-GRAPHS_KEPT);
  }
  asked += 1;
  const question: Question = { id: asked, graphId: known?.graphId ?? graphsSent, request };
  if (!known) question.graph = bare(graph);
  return new Promise((done, failed) => {
    waiting.set(question.id, { done, failed });
    beside.postMessage(question);
  });
}

/** Only what the layout reads: the rest need not be copied. */
function bare({ tasks, edges, groups }: DagShape): DagShape {
  return {
    tasks: tasks.map(({ task_id, group, pool }) => ({ task_id, ...(group && { group }), ...(pool && { pool }) })),
    edges: edges.map(({ upstream, downstream }) => ({ upstream, downstream })),
    ...(groups && { groups: groups.map(({ group_id, label }) => ({ group_id, label })) }),
  };
}

function started(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.id)?.done(data.arrangement);
    waiting.delete(data.id);
  });
  worker.addEventListener("error", (event) => {
    for (const { failed } of waiting.values()) failed(new Error(event.message || "the layout worker stopped"));
    waiting.clear();
    sent = [];
    worker?.terminate();
    worker = null;
  });
  return worker;
}

/** In the page when it is small, or when no worker can be had. */
export async function arrangeAnyhow(request: Arrange): Promise<Arrangement> {
  try {
    return await arrangeBeside(request);
  } catch {
    return arrange(request);
  }
}
