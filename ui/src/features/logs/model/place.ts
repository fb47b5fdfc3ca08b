/** The state of the page of logs that its address holds: `?task=&try=&level=&q=&re=&line=`. Pure. */
import type { Level } from "../../../ui/log/log-queries";

export interface Place {
  task: string | undefined;
  attempt: number | undefined;
  level: Level;
  q: string;
  /** `q` is a regular expression. */
  isPattern: boolean;
  line: number | undefined;
}

const LEVELS: readonly Level[] = ["", "info", "warning", "error"];

export function placeOf(search: Readonly<Record<string, string | undefined>>): Place {
  return {
    task: search.task || undefined,
    attempt: search.task ? count(search.try) : undefined,
    level: LEVELS.find((one) => one === search.level) ?? "",
    q: search.q ?? "",
    isPattern: search.re === "1",
    line: count(search.line),
  };
}

function count(text: string | undefined): number | undefined {
  const found = Number(text);
  return Number.isInteger(found) && found > 0 ? found : undefined;
}
