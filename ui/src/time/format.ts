/** Instants, lengths and numbers as people read them, in both languages. Number and unit never part (U+00A0). Pure. */

import { dateFormat, numberFormat } from "./intl";

const NBSP = "\u00a0";

const UNITS: Record<string, Record<"ms" | "s" | "min" | "h" | "d" | "B" | "KB" | "MB" | "GB" | "TB", string>> = {
  en: { ms: "ms", s: "s", min: "min", h: "h", d: "d", B: "B", KB: "KB", MB: "MB", GB: "GB", TB: "TB" },
  ru: { ms: "мс", s: "с", min: "мин", h: "ч", d: "д", B: "Б", KB: "КБ", MB: "МБ", GB: "ГБ", TB: "ТБ" },
};

type Unit = keyof (typeof UNITS)["en"];

function unit(language: string, name: Unit): string {
  return (UNITS[language] ?? UNITS.en)?.[name] ?? name;
}

function measured(language: string, value: string, name: Unit): string {
  return `${value}${NBSP}${unit(language, name)}`;
}

export function number(language: string, value: number, digits = 0): string {
  return numberFormat(language, "decimal", digits).format(value);
}

export function percent(language: string, share: number, digits = 0): string {
  return numberFormat(language, "percent", digits).format(share);
}

/** `350 ms`, `4.2 s`, `41 s`, `8 min 28 s`, `1 h 06 min`, `2 d 4 h`: two units at most. */
export function duration(language: string, seconds: number): string {
  const s = Math.max(0, seconds);
  if (s < 0.0995) return measured(language, number(language, s * 1000, s < 0.00995 ? 1 : 0), "ms");
  if (s < 0.9995) return measured(language, number(language, s * 1000), "ms");
  if (s < 9.95) return measured(language, number(language, s, 1), "s");
  if (s < 59.5) return measured(language, number(language, Math.round(s)), "s");
  if (s < 3599.5) {
    const whole = Math.round(s);
    return pair(language, Math.floor(whole / 60), "min", whole % 60, "s");
  }
  if (s < 86_370) {
    const minutes = Math.round(s / 60);
    return pair(language, Math.floor(minutes / 60), "h", minutes % 60, "min", 2);
  }
  const hours = Math.round(s / 3600);
  return pair(language, Math.floor(hours / 24), "d", hours % 24, "h");
}

/** Rounded as a person would say it: one unit above ten of the smaller. */
export function roughly(language: string, seconds: number): string {
  const s = Math.max(0, seconds);
  if (s < 90) return duration(language, Math.max(1, Math.round(s)));
  if (s < 5400) return measured(language, number(language, Math.round(s / 60)), "min");
  return duration(language, Math.round(s / 60) * 60);
}

function pair(language: string, large: number, one: Unit, small: number, other: Unit, pad = 0): string {
  const first = measured(language, number(language, large), one);
  if (small === 0) return first;
  return `${first}${NBSP}${measured(language, String(small).padStart(pad, "0"), other)}`;
}

export function bytes(language: string, size: number): string {
  const names: Unit[] = ["B", "KB", "MB", "GB", "TB"];
  let value = size;
  let index = 0;
  while (value >= 999.5 && index < names.length - 1) {
    value /= 1024;
    index += 1;
  }
  return measured(language, number(language, value, index > 0 && value < 10 ? 1 : 0), names[index] ?? "B");
}

export function megabytes(language: string, mb: number): string {
  return bytes(language, mb * 1024 * 1024);
}

/** `02:08:28`, or `02:08` without seconds. */
export function clock(language: string, at: Date, zone: string, seconds = false): string {
  return dateFormat(language, zone, {
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
    hourCycle: "h23",
  }).format(at);
}

/** `Mon 23 Nov`, «пн 23 нояб.»; with the year when it is not that of `now`. */
export function day(language: string, at: Date, zone: string, now: Date): string {
  const year = dateFormat(language, zone, { year: "numeric" });
  const other = year.format(at) !== year.format(now);
  return dateFormat(language, zone, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(other ? { year: "numeric" } : {}),
  })
    .format(at)
    .replace(/,/g, "");
}

/** `Mon 23 Nov, 02:00`. */
export function dayAndClock(language: string, at: Date, zone: string, now: Date): string {
  return `${day(language, at, zone, now)}, ${clock(language, at, zone)}`;
}

/** `2026-11-23` in that zone: sorts, compares and names a day. */
export function isoDay(at: Date, zone: string): string {
  return dateFormat("sv-SE", zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/** `23 November 2026 at 02:08:28 MSK`, for titles and focus. */
export function exact(language: string, at: Date, zone: string): string {
  return dateFormat(language, zone, { dateStyle: "long", timeStyle: "long" }).format(at);
}
