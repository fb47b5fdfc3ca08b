/** What the schedule will do: the next fifty starts, and what was missed and would be made up. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { At } from "../../../ui/when";
import { missedQuery, nextQuery } from "../api/queries";
import { whyNoStart } from "../model/no-start";
import type { DagItem, DagView, Missed } from "../model/types";
import styles from "./schedule-tab.module.css";
import { StartRow } from "./start-row";

const AHEAD = 50;

export default function ScheduleTab({ view }: { view: DagView }) {
  const { t } = useTranslation("dag");
  const { dag } = view;
  const next = useQuery(nextQuery(dag.dag_id, AHEAD));
  const missed = useQuery(missedQuery(dag.dag_id));
  const starts = next.data?.items ?? [];
  const clashes = starts.filter((start) => start.collisions.length > 0).length;
  return (
    <div className={styles.pair}>
      <Card
        flush
        title={t("schedule.title", { n: starts.length || AHEAD })}
        note={dag.schedule ? `${dag.schedule}, ${dag.tz}` : null}
      >
        {next.isPending ? <Loading what={t("what.next")} height={420} /> : null}
        {next.isError && !next.data ? (
          <Failure error={next.error} what={t("what.next")} onRetry={() => void next.refetch()} />
        ) : null}
        {next.data && starts.length === 0 ? <Empty>{t(whyNoStart(view))}</Empty> : null}
        {dag.paused && starts.length > 0 ? <p className={styles.paused}>{t("schedule.paused")}</p> : null}
        <ol className={styles.starts}>
          {starts.map((start) => (
            <StartRow key={start.at} start={start} zone={dag.tz} />
          ))}
        </ol>
      </Card>
      <div className={styles.side}>
        <Card title={t("schedule.missedTitle")}>
          {missed.isPending ? <Loading what={t("what.missed")} height={80} /> : null}
          {missed.isError && !missed.data ? (
            <Failure error={missed.error} what={t("what.missed")} onRetry={() => void missed.refetch()} />
          ) : null}
          {missed.data ? <MissedWords missed={missed.data} dag={dag} /> : null}
        </Card>
        <Card title={t("schedule.rules")}>
          <ul className={styles.rules}>
            <li>{t(view.graph.catchup ? "schedule.catchupOn" : "schedule.catchupOff")}</li>
            <li>
              {view.graph.max_active_runs > 0
                ? t("schedule.atOnce", { n: view.graph.max_active_runs })
                : t("schedule.anyAtOnce")}
            </li>
            <li>{t("schedule.clashes", { n: clashes, of: starts.length })}</li>
            <li>
              {t("schedule.clock", { n: starts.filter((start) => start.clock_shift_s !== 0).length, zone: dag.tz })}
            </li>
          </ul>
        </Card>
      </div>
    </div>
  );
}

function MissedWords({ missed, dag }: { missed: Missed; dag: DagItem }) {
  const { t } = useTranslation("dag");
  if (missed.missed === 0) return <p>{t("schedule.nothingMissed")}</p>;
  if (missed.starts === 0) return <p>{t("schedule.passedOver", { n: missed.missed })}</p>;
  return (
    <div className={styles.missed}>
      <p>{t(dag.paused ? "schedule.wouldStart" : "schedule.starts", { n: missed.starts })}</p>
      <ol>
        {missed.items.slice(0, 10).map((at) => (
          <li key={at}>
            <At at={at} zone={dag.tz} />
          </li>
        ))}
      </ol>
      {missed.starts > 10 && missed.last ? (
        <p>
          {t("schedule.upTo", { n: missed.starts - 10 })} <At at={missed.last} zone={dag.tz} />
        </p>
      ) : null}
    </div>
  );
}
