/** What people call one run of a DAG: a night, a day, or just a run. Pure. */
import type { DagItem } from "../../../api/schema";
import { hourOf } from "../../../time/day-start";

export type Rhythm = "night" | "day" | "run";

const HOURS_OF_NIGHT = [21, 22, 23, 0, 1, 2, 3, 4, 5];
const RECENT_MS = 20 * 3_600_000;

/** A DAG that starts once a day by a fixed clock runs by nights or days; any other one by runs. */
export function rhythmOf(dag: Pick<DagItem, "schedule" | "tz" | "next_run_at">): Rhythm {
  const text = dag.schedule.trim();
  if (text === "@daily" || text === "@midnight") return "night";
  const fields = text.split(/\s+/);
  if (fields.length !== 5) return "run";
  const [minute = "", hour = "", day, month, weekday] = fields;
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour)) return "run";
  if (day !== "*" || month !== "*" || weekday !== "*") return "run";
  return HOURS_OF_NIGHT.includes(Number(hour)) ? "night" : "day";
}

/** `tonight` or `today` of a run that began so recently that everyone knows which one is meant. */
export function whenOf(rhythm: Rhythm, startedAt: string, now: number, zone: string): "tonight" | "today" | "other" {
  const at = Date.parse(startedAt);
  if (now - at > RECENT_MS || rhythm === "run") return "other";
  if (rhythm === "night") return HOURS_OF_NIGHT.includes(hourOf(at, zone)) ? "tonight" : "other";
  return "today";
}
