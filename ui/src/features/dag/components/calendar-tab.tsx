/** A year by day: the worst state of each day, and the days on which a start is planned. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Failure, Loading } from "../../../ui/panel-states";
import { calendarQuery } from "../api/queries";
import { useSearchKey } from "../api/use-search";
import type { Calendar, DagView } from "../model/types";
import styles from "./calendar-tab.module.css";
import { CalendarTable } from "./calendar-table";
import { CalendarYear } from "./calendar-year";

export default function CalendarTab({ view }: { view: DagView }) {
  const { t } = useTranslation("dag");
  const { dag } = view;
  const [asked, ask] = useSearchKey("year");
  const year = asked && /^\d{4}$/.test(asked) ? Number(asked) : undefined;
  const calendar = useQuery(calendarQuery(dag.dag_id, year));
  const shown = year ?? calendar.data?.year ?? new Date().getUTCFullYear();
  return (
    <Card
      title={t("calendar.title", { year: `${shown}` })}
      note={calendar.data ? <Note calendar={calendar.data} /> : null}
      tools={
        <>
          <Legend />
          <button type="button" className={styles.year} onClick={() => ask(`${shown - 1}`)}>
            ← {shown - 1}
          </button>
          <button type="button" className={styles.year} onClick={() => ask(`${shown + 1}`)}>
            {shown + 1} →
          </button>
        </>
      }
    >
      {calendar.isPending ? <Loading what={t("what.calendar")} height={190} /> : null}
      {calendar.isError && !calendar.data ? (
        <Failure error={calendar.error} what={t("what.calendar")} onRetry={() => void calendar.refetch()} />
      ) : null}
      {calendar.data ? (
        <>
          <CalendarYear calendar={calendar.data} dag={dag} />
          <CalendarTable calendar={calendar.data} dag={dag} />
        </>
      ) : null}
    </Card>
  );
}

function Note({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation("dag");
  const runs = calendar.days.reduce((sum, day) => sum + day.runs, 0);
  const failed = calendar.days.filter((day) => day.failed > 0).length;
  return <>{t("calendar.note", { runs, failed, zone: calendar.tz })}</>;
}

function Legend() {
  const { t } = useTranslation("dag");
  return (
    <ul className={styles.legend} aria-label={t("grid.legend")}>
      {(["success", "failed", "cancelled", "running", "planned"] as const).map((one) => (
        <li key={one}>
          <span className={styles.sign} data-worst={one} aria-hidden="true" />
          {t(`calendar.${one}`)}
        </li>
      ))}
    </ul>
  );
}
