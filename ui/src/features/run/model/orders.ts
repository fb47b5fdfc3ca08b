/** The retries that a run offers: the one of the big button and those behind its arrow. Pure. */
import type { Price, RunStory } from "./types";

export interface Order {
  key: string;
  /** `from`: the task and what is below it. `only`: the task alone. `all`: everything that failed. */
  kind: "from" | "only" | "all";
  task?: string;
  tasks: readonly string[];
  downstream: boolean;
  price: Price;
}

export interface Orders {
  first: Order | null;
  others: readonly Order[];
}

const OTHERS_MAX = 12;

export function ordersOf(story: RunStory, chosen: string): Orders {
  const { roots, retry } = story;
  const all: Order[] = retry ? [{ key: "all", kind: "all", tasks: [], downstream: true, price: retry }] : [];
  const root = roots.find((one) => one.task_id === chosen) ?? roots[0];
  if (!root || story.run.state === "success") {
    const isWhole = story.run.state !== "success";
    return { first: isWhole ? (all[0] ?? null) : null, others: [] };
  }
  const from = roots.map(
    (one): Order => ({
      key: `from ${one.task_id}`,
      kind: "from",
      task: one.task_id,
      tasks: [one.task_id],
      downstream: true,
      price: one.retry,
    }),
  );
  const only: Order = {
    key: `only ${root.task_id}`,
    kind: "only",
    task: root.task_id,
    tasks: [root.task_id],
    downstream: false,
    price: root.retry_only,
  };
  // One failure: from there on. Several: all of them, the single ones behind the arrow.
  if (story.root_count === 1) return { first: from[0] ?? null, others: [only, ...all] };
  return { first: all[0] ?? from[0] ?? null, others: [...from, only].slice(0, OTHERS_MAX) };
}
