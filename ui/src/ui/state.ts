/** States and alerts as the pages know them; a new state of the API fails the build here. Pure. */
import type { RunState, TaskState } from "../api/schema";

export type State = TaskState | RunState;
export type Alert = "late" | "import_error" | "lost_worker";

export const TASK_STATES: readonly TaskState[] = [
  "failed",
  "upstream_failed",
  "running",
  "up_for_retry",
  "waiting",
  "queued",
  "scheduled",
  "cancelled",
  "skipped",
  "success",
];

/** How much a state needs a person, the most first: lists put it on top. */
export function urgency(state: State): number {
  return TASK_STATES.indexOf(state);
}

export function hasEnded(state: State): boolean {
  switch (state) {
    case "success":
    case "failed":
    case "skipped":
    case "upstream_failed":
    case "cancelled":
      return true;
    case "scheduled":
    case "queued":
    case "running":
    case "up_for_retry":
    case "waiting":
      return false;
  }
}

/** The custom property that holds a colour of a state. */
export function stateColor(state: State, use: "solid" | "text" | "tint" = "solid"): string {
  return use === "solid" ? `var(--${state})` : `var(--${state}-${use})`;
}
