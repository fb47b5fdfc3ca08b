/** Names of time zones: the IANA name of a choice, and the short label that people know. Pure. */
import type { ZoneChoice } from "../preferences/kept";
import { dateFormat } from "./intl";

let local = "";

/** The IANA name for a choice; `dagZone` is the DAG's, when the page is about one. */
export function zoneName(choice: ZoneChoice, dagZone?: string): string {
  if (choice === "utc") return "UTC";
  if (choice === "dag" && dagZone) return dagZone;
  local ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return local;
}

/** `MSK`, `UTC`, `GMT+3` at that moment; Intl has no short name for most zones, so the well-known ones are named here. */
export function zoneLabel(zone: string, at: Date, language: string): string {
  if (zone === "UTC" || zone === "Etc/UTC") return "UTC";
  if (zone === "Europe/Moscow") return language === "ru" ? "МСК" : "MSK";
  const parts = dateFormat(language, zone, { timeZoneName: "short" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}
