/** 53 weeks of seven days. Arrow keys walk the days; a card tells of the day that is looked at. */
import { type KeyboardEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Calendar, DagItem } from "../model/types";
import { type DayCell, monthWeeks, stepFrom, weeksOf } from "../model/weeks";
import styles from "./calendar-tab.module.css";

const SIZE = 22;
const CELL = 18;
const LEFT = 34;
const TOP = 20;

export function CalendarYear({ calendar, dag }: { calendar: Calendar; dag: DagItem }) {
  const { t, i18n } = useTranslation("dag");
  const cells = useMemo(() => weeksOf(calendar.year, calendar.days), [calendar]);
  const [place, setPlace] = useState<number | null>(null);
  const looked = place === null ? undefined : cells[place];
  const weeks = (cells.at(-1)?.week ?? 52) + 1;
  const width = LEFT + weeks * SIZE;
  const language = i18n.language === "en" ? "en-GB" : i18n.language;
  const month = new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" });
  const weekday = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
  const onKey = (event: KeyboardEvent) => {
    if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
    setPlace(place === null ? lastWithRuns(cells) : stepFrom(place, event.key, cells.length));
  };
  return (
    <div
      className={styles.scroll}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the days
      tabIndex={0}
      aria-label={t("calendar.plot", { dag: dag.dag_id, year: `${calendar.year}` })}
      onKeyDown={onKey}
      onPointerLeave={() => setPlace(null)}
      onBlur={() => setPlace(null)}
    >
      <div className={styles.picture} style={{ width, height: TOP + 7 * SIZE + 4 }}>
        <svg width={width} height={TOP + 7 * SIZE} aria-hidden="true" focusable="false">
          {monthWeeks(cells).map((one) => (
            <text key={one.month} x={LEFT + one.week * SIZE} y={12} className={styles.text}>
              {month.format(Date.UTC(calendar.year, one.month, 15))}
            </text>
          ))}
          {[0, 2, 4, 6].map((day) => (
            <text key={day} x={0} y={TOP + day * SIZE + 13} className={styles.text}>
              {weekday.format(Date.UTC(2024, 0, 1 + day))}
            </text>
          ))}
          {cells.map((cell, at) => (
            <Day key={cell.date} cell={cell} looked={at === place} onLook={() => setPlace(at)} />
          ))}
        </svg>
        {looked ? (
          <div className={styles.card} role="status" style={cardPlace(looked, width)}>
            <DayWords cell={looked} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

function Day({ cell, looked, onLook }: { cell: DayCell; looked: boolean; onLook: () => void }) {
  const x = LEFT + cell.week * SIZE;
  const y = TOP + cell.weekday * SIZE;
  const kind = cell.day?.worst ?? (cell.day?.planned ? "planned" : "none");
  return (
    <g onPointerEnter={onLook} className={styles.day} data-worst={kind} data-looked={looked || undefined}>
      <rect x={x} y={y} width={CELL} height={CELL} rx={3} />
      {kind === "failed" ? <path d={`M${x + 6} ${y + 6}l6 6m0-6l-6 6`} className={styles.cut} /> : null}
      {kind === "cancelled" ? <path d={`M${x + 5} ${y + 13}l8-8`} className={styles.slash} /> : null}
      {kind === "running" ? <path d={`M${x + 7} ${y + 5}v8l6-4z`} className={styles.play} /> : null}
    </g>
  );
}

export function DayWords({ cell }: { cell: DayCell }) {
  const { t, i18n } = useTranslation("dag");
  const language = i18n.language === "en" ? "en-GB" : i18n.language;
  const name = new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  }).format(Date.parse(cell.date));
  const { day } = cell;
  return (
    <>
      <b>{name}</b>
      {day && day.runs > 0 ? <span>{t("calendar.runs", { runs: day.runs, failed: day.failed })}</span> : null}
      {day && day.planned > 0 ? <span>{t("calendar.starts", { n: day.planned })}</span> : null}
      {day ? null : <span>{t("calendar.nothing")}</span>}
    </>
  );
}

const CARD = 210;

function cardPlace(cell: DayCell, width: number): { left: number; top: number; width: number } {
  const x = LEFT + cell.week * SIZE + CELL / 2;
  return {
    left: Math.max(0, Math.min(width - CARD, x - CARD / 2)),
    top: cell.weekday < 4 ? TOP + (cell.weekday + 1) * SIZE + 2 : TOP + cell.weekday * SIZE - 52,
    width: CARD,
  };
}

function lastWithRuns(cells: readonly DayCell[]): number {
  const found = cells.findLastIndex((cell) => (cell.day?.runs ?? 0) > 0);
  return Math.max(found, 0);
}
