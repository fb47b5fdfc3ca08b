/** The days on which something failed or was cancelled, in words. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Calendar, DagItem } from "../model/types";
import styles from "./calendar-tab.module.css";
import { DayWords } from "./calendar-year";

const SHOWN = 60;

export function CalendarTable({ calendar, dag }: { calendar: Calendar; dag: DagItem }) {
  const { t } = useTranslation("dag");
  const bad = calendar.days.filter((day) => day.worst === "failed" || day.worst === "cancelled").reverse();
  if (bad.length === 0) return <p className={styles.calm}>{t("calendar.calm", { year: `${calendar.year}` })}</p>;
  return (
    <div className={styles.bad}>
      <h3>{t("calendar.bad", { n: bad.length })}</h3>
      <ul>
        {bad.slice(0, SHOWN).map((day) => (
          <li key={day.day}>
            <DayWords cell={{ date: day.day, week: 0, weekday: 0, day }} />
          </li>
        ))}
      </ul>
      <Link to="/dags/$dag/$tab" params={{ dag: dag.dag_id, tab: "runs" }} search={{ state: "failed" }}>
        {t("calendar.failedRuns")}
      </Link>
    </div>
  );
}
