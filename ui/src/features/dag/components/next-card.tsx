/** The next few starts, what they will meet, and what the clock does. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { nextQuery } from "../api/queries";
import { whyNoStart } from "../model/no-start";
import type { DagView } from "../model/types";
import styles from "./next-card.module.css";
import { StartRow } from "./start-row";

const SHOWN = 4;
const AHEAD = 50;

export function NextCard({ view }: { view: DagView }) {
  const { t } = useTranslation("dag");
  const { dag, graph } = view;
  const next = useQuery(nextQuery(dag.dag_id, AHEAD));
  const starts = next.data?.items ?? [];
  return (
    <Card
      flush
      title={t("next.title")}
      note={dag.schedule ? `${dag.schedule}, ${dag.tz}` : null}
      tools={
        <Link to="/dags/$dag/$tab" params={{ dag: dag.dag_id, tab: "schedule" }}>
          {t("next.ahead", { n: AHEAD })}
        </Link>
      }
    >
      {next.isPending ? <Loading what={t("what.next")} height={220} /> : null}
      {next.isError && !next.data ? (
        <Failure error={next.error} what={t("what.next")} onRetry={() => void next.refetch()} />
      ) : null}
      {next.data && starts.length === 0 ? <Empty>{t(whyNoStart(view))}</Empty> : null}
      <ol className={styles.starts}>
        {starts.slice(0, SHOWN).map((start) => (
          <StartRow key={start.at} start={start} zone={dag.tz} />
        ))}
      </ol>
      {starts.length > 0 ? (
        <p className={styles.foot}>
          {t(starts.some((start) => start.clock_shift_s !== 0) ? "next.clockMoves" : "next.clockStays", { n: AHEAD })}{" "}
          {t(graph.catchup ? "next.catchupOn" : "next.catchupOff")}
        </p>
      ) : null}
    </Card>
  );
}
