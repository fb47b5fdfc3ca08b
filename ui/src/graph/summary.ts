/** What the tasks of one node are up to, taken together. */
import type { TaskState } from "../api/schema";

/** Absent states are of the usual run: nothing happened. `done`: tasks that ended, in whatever way. */
export interface Summary {
  state: TaskState | undefined;
  total: number;
  done: number;
  failed: number;
  running: number;
  /** Did not run since something above failed. */
  dry: number;
}

/** The state that needs a person the most stands for all; what merely ended comes last. */
const LOUDEST: readonly TaskState[] = [
  "failed",
  "running",
  "up_for_retry",
  "waiting",
  "queued",
  "upstream_failed",
  "cancelled",
  "scheduled",
  "success",
  "skipped",
];

const ENDED: ReadonlySet<TaskState> = new Set(["success", "failed", "skipped", "upstream_failed", "cancelled"]);

export function summarise(tasks: readonly string[], states: ReadonlyMap<string, TaskState> | undefined): Summary {
  const counts = new Map<TaskState, number>();
  for (const task of states ? tasks : []) {
    const state = states?.get(task) ?? "scheduled";
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const count = (state: TaskState) => counts.get(state) ?? 0;
  return {
    state: LOUDEST.find((state) => counts.has(state)),
    total: tasks.length,
    done: [...ENDED].reduce((sum, state) => sum + count(state), 0),
    failed: count("failed"),
    running: count("running"),
    dry: count("upstream_failed"),
  };
}
