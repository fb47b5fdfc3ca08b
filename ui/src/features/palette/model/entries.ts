/** What the palette lists, in groups. Pure. */
import type { Alert, State } from "../../../ui/state";
import type { Found } from "../api/queries";
import type { Recent } from "./recent";

export type Group = "recent" | "actions" | "dag" | "run" | "task" | "go" | "settings";

export interface Entry {
  id: string;
  group: Group;
  label: string;
  /** Muted words after the label: a price, the DAG of a task. */
  note?: string;
  icon?: State | Alert;
  keyName?: string;
  isDestructive?: boolean;
  /** An address to go to, or something to do. */
  to?: string;
  act?: () => void;
}

const ORDER: readonly Group[] = ["recent", "actions", "dag", "run", "task", "go", "settings"];

/** Groups in their order; with a query what was found goes before what could be done. */
export function grouped(entries: readonly Entry[]): Entry[] {
  return ORDER.flatMap((group) => entries.filter((entry) => entry.group === group));
}

export function entryOf(found: Found): Entry {
  const to = addressOf(found);
  const base = { id: to, group: found.kind, to, ...(found.state ? { icon: found.state } : {}) };
  switch (found.kind) {
    case "dag":
      return { ...base, label: found.dag_id };
    case "run":
      return { ...base, label: found.run_id ?? "" };
    case "task":
      return { ...base, label: found.task_id ?? "", note: found.dag_id };
  }
}

function addressOf(found: Found): string {
  if (found.kind === "run") return `/runs/${encodeURIComponent(found.run_id ?? "")}`;
  const dag = `/dags/${encodeURIComponent(found.dag_id)}`;
  return found.kind === "task" ? `${dag}?task=${encodeURIComponent(found.task_id ?? "")}` : dag;
}

export function recentEntry(recent: Recent): Entry {
  return { id: `recent ${recent.to}`, group: "recent", label: recent.label, to: recent.to };
}

/** What is worth remembering of a chosen entry; null for actions and sections. */
export function recentOf(entry: Entry): Recent | null {
  if (entry.to === undefined) return null;
  switch (entry.group) {
    case "dag":
    case "run":
    case "task":
      return { to: entry.to, label: entry.note ? `${entry.note} · ${entry.label}` : entry.label, kind: entry.group };
    case "recent":
      return { to: entry.to, label: entry.label, kind: entry.to.startsWith("/runs/") ? "run" : "dag" };
    case "actions":
    case "go":
    case "settings":
      return null;
  }
}

/** The run or the DAG that an address is about. */
export function subjectOf(pathname: string): { runId: string; dagId: string } {
  const [, room = "", id = ""] = pathname.split("/");
  const name = decodeURIComponent(id);
  return { runId: room === "runs" ? name : "", dagId: room === "dags" ? name : "" };
}
