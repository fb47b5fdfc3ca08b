/** Why no start of a DAG is known: the words for it. Pure. */
import type { DagView } from "./types";

export function whyNoStart(view: DagView): "second.noMore" | "second.byTriggers" | "second.byHand" {
  if (view.dag.schedule) return "second.noMore";
  return (view.triggers ?? []).length > 0 ? "second.byTriggers" : "second.byHand";
}
