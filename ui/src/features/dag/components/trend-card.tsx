/** The numbers that tasks tell of their results, over the runs: a small line each, or all of them as a table. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Choices } from "../../../ui/choices";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { metricsQuery } from "../api/queries";
import { useSearchKey } from "../api/use-search";
import type { DagItem, Metrics } from "../model/types";
import styles from "./trend-card.module.css";
import { TrendLine } from "./trend-line";
import { TrendTable } from "./trend-table";

export const RUNS = 90;
const HEIGHT = 180;

export function TrendCard({ dag }: { dag: DagItem }) {
  const { t } = useTranslation("dag");
  const metrics = useQuery(metricsQuery(dag.dag_id, RUNS));
  const [shown, show] = useSearchKey("numbers");
  const isTable = shown === "table";
  const some = metrics.data !== undefined && metrics.data.metrics.length > 0;
  return (
    <Card
      title={t("trend.title")}
      note={some ? t("trend.note", { n: metrics.data.runs.run_id.length }) : null}
      flush={some && isTable}
      tools={
        some ? (
          <Choices
            label={t("trend.choice")}
            choices={[
              { value: "lines", label: t("trend.lines") },
              { value: "table", label: t("trend.table") },
            ]}
            value={isTable ? "table" : "lines"}
            onChange={(value) => show(value === "table" ? "table" : undefined)}
          />
        ) : null
      }
    >
      {metrics.isPending ? <Loading what={t("what.numbers")} height={HEIGHT} /> : null}
      {metrics.isError && !metrics.data ? (
        <Failure error={metrics.error} what={t("what.numbers")} onRetry={() => void metrics.refetch()} />
      ) : null}
      {metrics.data && !some ? (
        <Empty>
          {t("trend.none")} <code className={styles.example}>{'@task(metrics=["rows"])'}</code>
        </Empty>
      ) : null}
      {some ? isTable ? <TrendTable metrics={metrics.data} /> : <Lines dag={dag} metrics={metrics.data} /> : null}
      {metrics.data?.cut ? <p className={styles.cut}>{t("trend.cut")}</p> : null}
    </Card>
  );
}

function Lines({ dag, metrics }: { dag: DagItem; metrics: Metrics }) {
  return (
    <div className={styles.lines}>
      {metrics.metrics.map((metric) => (
        <TrendLine key={`${metric.task_id} ${metric.name}`} dag={dag} metric={metric} runs={metrics.runs} />
      ))}
    </div>
  );
}
