/** How long ago or ahead an instant is, in the words of UI: now / 14 s ago / 58 min ago / yesterday 17:22 / Sun 22 Nov. Pure. */
import { clock, day, duration, isoDay, roughly } from "./format";

export type Relative =
  | { kind: "now" }
  | { kind: "ago"; length: string }
  | { kind: "ahead"; length: string }
  | { kind: "yesterday"; clock: string }
  | { kind: "day"; day: string };

const DAY_MS = 86_400_000;

export function relative(language: string, at: Date, now: Date, zone: string): Relative {
  const away = (at.getTime() - now.getTime()) / 1000;
  if (Math.abs(away) < 1.5) return { kind: "now" };
  if (away > 0) return ahead(language, away);
  if (away > -60) return { kind: "ago", length: duration(language, Math.round(-away)) };
  if (away > -12 * 3600) return { kind: "ago", length: roughly(language, Math.floor(-away / 60) * 60) };
  if (isoDay(at, zone) === isoDay(new Date(now.getTime() - DAY_MS), zone)) {
    return { kind: "yesterday", clock: clock(language, at, zone) };
  }
  if (away > -86_400) return { kind: "ago", length: roughly(language, -away) };
  return { kind: "day", day: day(language, at, zone, now) };
}

function ahead(language: string, away: number): Relative {
  if (away < 60) return { kind: "ahead", length: duration(language, Math.round(away)) };
  return { kind: "ahead", length: duration(language, Math.ceil(away / 60) * 60) };
}
