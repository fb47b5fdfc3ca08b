/** What a row of the list says about a DAG. Pure. */
import type { DagItem } from "../../../api/schema";
import type { Alert, State } from "../../../ui/state";

/** The one icon: what needs a person goes before what runs, and that before how the last run ended. */
export function iconOf(dag: DagItem): State | Alert {
  const newest = dag.last_runs[0];
  const runs = newest?.state === "running" || newest?.state === "queued";
  if (dag.late) return "late";
  if (dag.failed && !runs) return "failed";
  if (dag.import_error !== null) return "import_error";
  return newest?.state ?? "scheduled";
}

/** Bars are drawn oldest first. */
export function barsOf(dag: DagItem): DagItem["last_runs"] {
  return [...dag.last_runs].reverse();
}

export interface Selection {
  chosen: ReadonlySet<string>;
  /** The last one that was chosen by hand, from which a range goes. */
  anchor: string | null;
}

export const NOTHING_CHOSEN: Selection = { chosen: new Set(), anchor: null };

/** With `toAnchor` everything between the last choice and this one gets the state of this one. */
export function toggled(before: Selection, ids: readonly string[], id: string, toAnchor: boolean): Selection {
  const chosen = new Set(before.chosen);
  const isChosen = !chosen.has(id);
  const from = before.anchor === null ? -1 : ids.indexOf(before.anchor);
  const to = ids.indexOf(id);
  const range = toAnchor && from >= 0 && to >= 0 ? ids.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
  for (const one of range) {
    if (isChosen) chosen.add(one);
    else chosen.delete(one);
  }
  return { chosen, anchor: id };
}
