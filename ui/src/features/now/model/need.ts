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
  }
}

export interface Place {
  to: string;
  search: Record<string, string>;
}

export function placeOf(need: Need): Place {
  switch (need.kind) {
    case "import_error":
      return { to: "/dags", search: { state: "import_error" } };
    case "unserved_queue":
      return { to: "/workers", search: { tab: "queues" } };
    case "failed":
    case "late":
    case "lost_worker":
      return runPlace(need);
  }
}

function runPlace(need: Need): Place {
  if (need.run_id === null) return { to: `/dags/${encodeURIComponent(need.dag_id ?? "")}/schedule`, search: {} };
  const search: Place["search"] = need.task_id === null ? {} : { task: need.task_id };
  return { to: `/runs/${encodeURIComponent(need.run_id)}`, search };
}
