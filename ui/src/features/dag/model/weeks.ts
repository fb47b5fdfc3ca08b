/** A year as weeks of seven days, Monday first. Days are plain dates, `2026-11-23`: no zone is involved any more. Pure. */
import type { CalendarDay } from "./types";

export interface DayCell {
  date: string;
  /** Column and row: week of the year's picture, Monday 0. */
  week: number;
  weekday: number;
  day: CalendarDay | undefined;
}

const DAY_MS = 86_400_000;

export function weeksOf(year: number, days: readonly CalendarDay[]): DayCell[] {
  const byDate = new Map(days.map((day) => [day.day, day]));
  const first = Date.UTC(year, 0, 1);
  const offset = weekdayOf(first);
  const count = Math.round((Date.UTC(year + 1, 0, 1) - first) / DAY_MS);
  return Array.from({ length: count }, (_, place) => {
    const date = new Date(first + place * DAY_MS).toISOString().slice(0, 10);
    return {
      date,
      week: Math.floor((place + offset) / 7),
      weekday: (place + offset) % 7,
      day: byDate.get(date),
    };
  });
}

/** 0 on a Monday. */
function weekdayOf(at: number): number {
  return (new Date(at).getUTCDay() + 6) % 7;
}

/** The week in which each month has its first day. */
export function monthWeeks(cells: readonly DayCell[]): { month: number; week: number }[] {
  return cells
    .filter((cell) => cell.date.endsWith("-01"))
    .map((cell) => ({ month: Number(cell.date.slice(5, 7)) - 1, week: cell.week }));
}

/** Where an arrow key leads from a day; the same day at the ends of the year. */
export function stepFrom(place: number, key: string, count: number): number {
  const by = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 }[key] ?? 0;
  const next = place + by;
  return next < 0 || next >= count ? place : next;
}
