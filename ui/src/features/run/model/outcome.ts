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

/** `ValueError, exit 1`; names stay as they are, the words around them come translated. */
export function endedWith(attempt: Attempt, running: string, exit: (code: number) => string): string {
  if (!attempt.outcome) return running;
  const words = [attempt.error?.kind ?? attempt.outcome];
  if (attempt.signal_name) words.push(attempt.signal_name);
  else if (attempt.exit_code) words.push(exit(attempt.exit_code));
  return words.join(", ");
}
