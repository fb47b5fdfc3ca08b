/** How an attempt ended, as a state and in a few words. Pure. */
import type { Attempt, TaskState } from "../../../api/schema";

export function outcomeState(attempt: Attempt): TaskState {
  switch (attempt.outcome) {
    case null:
    case undefined:
      return "running";
    case "success":
      return "success";
    case "skipped":
      return "skipped";
    case "lost":
    case "cancelled":
      return "cancelled";
    default:
      return "failed";
  }
}

/** The name of the error and how the process ended: `ValueError`, `SIGKILL`, exit code. Empty when it ended well. */
export function endedWith(attempt: Attempt, exit: (code: number) => string): string {
  const words = [attempt.error?.kind ?? ""];
  if (attempt.signal_name) words.push(attempt.signal_name);
  else if (attempt.exit_code) words.push(exit(attempt.exit_code));
  return words.filter(Boolean).join(", ");
}

/** What an outcome is called in the catalogue. */
export function outcomeKey(outcome: string): "timeout" | "lost" | "cancelled" | "skipped" | "success" | "failed" {
  switch (outcome) {
    case "timeout":
    case "lost":
    case "cancelled":
    case "skipped":
    case "success":
      return outcome;
    default:
      return "failed";
  }
}
