/** Which wall clock a page shows: the browser's, UTC, or the DAG's own. */
import { usePreferences, type ZoneChoice } from "../preferences/preferences";

/** The IANA name for a choice; `dagZone` is the DAG's, when the page is about one. */
export function zoneName(choice: ZoneChoice, dagZone?: string): string {
  if (choice === "utc") return "UTC";
  if (choice === "dag" && dagZone) return dagZone;
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function useZone(dagZone?: string): string {
  return zoneName(usePreferences().zone, dagZone);
}

/** `MSK`, `UTC`, `GMT+3` at that moment; Intl has no short name for most zones, so the well-known ones are named here. */
export function zoneLabel(zone: string, at: Date, language: string): string {
  if (zone === "UTC" || zone === "Etc/UTC") return "UTC";
  if (zone === "Europe/Moscow") return language === "ru" ? "МСК" : "MSK";
  const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName: "short" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}
