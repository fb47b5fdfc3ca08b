/** Which wall clock a page shows: the browser's, UTC, or the DAG's own. */
import { usePreferences } from "../preferences/preferences";
import { zoneName } from "./zone-name";

export { zoneLabel, zoneName } from "./zone-name";

export function useZone(dagZone?: string): string {
  return zoneName(usePreferences().zone, dagZone);
}
