/** The part of the page's state that its address holds: `?task=&try=&view=`. Pure. */
import type { RunState } from "../../../api/schema";

export type View = "graph" | "gantt" | "list";
export const VIEWS: readonly View[] = ["graph", "gantt", "list"];

export interface Place {
  task: string | undefined;
  /** A try number; the last one without it. */
  attempt: number | undefined;
  view: View;
  /** A log line to show, counted from 1. */
  line: number | undefined;
}

type Search = Readonly<Record<string, string | undefined>>;

/** A good run is about time, any other about order: that decides the view when the address names none. */
export function placeOf(search: Search, state: RunState | undefined): Place {
  const view = VIEWS.find((one) => one === search.view) ?? (state === "success" ? "gantt" : "graph");
  return { task: search.task || undefined, attempt: count(search.try), line: count(search.line), view };
}

function count(text: string | undefined): number | undefined {
  const found = Number(text);
  return Number.isInteger(found) && found > 0 ? found : undefined;
}
