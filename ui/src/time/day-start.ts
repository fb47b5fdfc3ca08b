/** Midnights of a zone, by its own clock. Pure. */

import { dateFormat } from "./intl";

const HOUR_MS = 3_600_000;

/** Milliseconds since the epoch at which the day that `at` lies in began in `zone`. */
export function dayStart(at: number, zone: string): number {
  const parts = wallClock(at, zone);
  const sinceMidnight = ((parts.hour * 60 + parts.minute) * 60 + parts.second) * 1000 + (at % 1000);
  const guess = at - sinceMidnight;
  // On a day whose clock moves, so many hours by the clock are not so many hours that passed.
  const found = wallClock(guess, zone);
  if (found.hour === 0 && found.minute === 0) return guess;
  return found.hour < 12 ? guess - found.hour * HOUR_MS - found.minute * 60_000 : guess + (24 - found.hour) * HOUR_MS;
}

/** The hour of the day in that zone, 0 to 23. */
export function hourOf(at: number, zone: string): number {
  return wallClock(at, zone).hour;
}

function wallClock(at: number, zone: string): { hour: number; minute: number; second: number } {
  const parts = dateFormat("en", zone, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return { hour: value("hour"), minute: value("minute"), second: value("second") };
}
