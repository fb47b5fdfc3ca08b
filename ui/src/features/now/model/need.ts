/** What a thing that needs a person looks like and where it opens. Pure. */
import type { Alert, State } from "../../../ui/state";
import type { Need } from "../api/queries";

export function iconOf(need: Need): State | Alert {
  if (need.retrying) return "running";
  switch (need.kind) {
    case "failed":
      return "failed";
    case "late":
      return "late";
    case "import_error":
      return "import_error";
    case "lost_worker":
      return "lost_worker";
    case "unserved_queue":
      return "queued";
    case "trigger":
      return "late";
  }
}

/** The address where more is told of it. */
export function addressOf(need: Need): string {
  switch (need.kind) {
    case "import_error":
      return "/dags?state=import_error";
    case "unserved_queue":
      return "/workers?tab=queues";
    case "trigger":
      return `/dags/${encodeURIComponent(need.dag_id ?? "")}`;
    case "failed":
    case "late":
    case "lost_worker":
      return runAddress(need);
  }
}

function runAddress(need: Need): string {
  if (need.run_id === null) return `/dags/${encodeURIComponent(need.dag_id ?? "")}/schedule`;
  const task = need.task_id === null ? "" : `?task=${encodeURIComponent(need.task_id)}`;
  return `/runs/${encodeURIComponent(need.run_id)}${task}`;
}
