/** A year of a DAG: tasks by runs, with what failed counted at the right, and a table for whoever cannot see cells. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Choices } from "../../../ui/choices";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { gridQuery, usualQuery } from "../api/queries";
import { useSearchChange, useSearchKey } from "../api/use-search";
import { rhythmOf } from "../model/rhythm";
import type { DagItem, Grid } from "../model/types";
import styles from "./grid-card.module.css";
import { GridLegend } from "./grid-legend";
import { GridPlot } from "./grid-plot";
import { GridTable } from "./grid-table";

const SPANS = ["30", "90", "365"] as const;
const USUAL_ROWS = 8;

export function GridCard({ dag }: { dag: DagItem }) {
  const { t } = useTranslation("dag");
  const [asked] = useSearchKey("runs");
  const [before] = useSearchKey("before");
  const change = useSearchChange();
  const span = SPANS.find((one) => one === asked) ?? "365";
  const grid = useQuery(gridQuery(dag.dag_id, Number(span), before));
  const usualS = useQuery(usualQuery(dag.dag_id)).data?.length_s ?? null;
  const rhythm = rhythmOf(dag);
  return (
    <Card
      title={span === "365" && !before ? t("grid.year", { rhythm }) : t("grid.title", { rhythm })}
      note={grid.data ? <Note grid={grid.data} /> : null}
      tools={
        <>
          <GridLegend />
          <Choices
            label={t("grid.choice")}
            choices={SPANS.map((one) => ({ value: one, label: t(`grid.span.${one}`) }))}
            value={span}
            onChange={(value) => change({ runs: value === "365" ? undefined : value, before: undefined })}
          />
        </>
      }
    >
      {grid.isPending ? <Loading what={t("what.grid")} height={60 + USUAL_ROWS * 22} /> : null}
      {grid.isError && !grid.data ? (
        <Failure error={grid.error} what={t("what.grid")} onRetry={() => void grid.refetch()} />
      ) : null}
      {grid.data ? <Content grid={grid.data} dag={dag} usualS={usualS} stale={grid.isPlaceholderData} /> : null}
      {grid.data && (grid.data.next_cursor || before) ? (
        <div className={styles.ways}>
          {grid.data.next_cursor ? (
            <button
              type="button"
              className={styles.way}
              onClick={() => change({ before: grid.data.next_cursor ?? undefined })}
            >
              {t("grid.earlier")}
            </button>
          ) : null}
          {before ? (
            <button type="button" className={styles.way} onClick={() => change({ before: undefined })}>
              {t("grid.newest")}
            </button>
          ) : null}
        </div>
      ) : null}
    </Card>
  );
}

function Note({ grid }: { grid: Grid }) {
  const { t } = useTranslation("dag");
  const total = grid.runs.run_id.length;
  const good = grid.runs.state.filter((state) => state === "success").length;
  return total === 0 ? null : t("grid.good", { good, total });
}

function Content({ grid, dag, usualS, stale }: { grid: Grid; dag: DagItem; usualS: number | null; stale: boolean }) {
  const { t } = useTranslation("dag");
  if (grid.runs.run_id.length === 0) return <Empty>{t("grid.noRuns")}</Empty>;
  return (
    <div className={stale ? styles.stale : undefined}>
      <GridPlot grid={grid} dag={dag} usualS={usualS} />
      <GridTable grid={grid} dag={dag} />
    </div>
  );
}
