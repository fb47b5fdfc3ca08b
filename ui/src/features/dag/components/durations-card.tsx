/** How long the last runs took, beside the next starts. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Failure, Loading } from "../../../ui/panel-states";
import { gridQuery } from "../api/queries";
import { lengthPoints, WINDOW } from "../model/lengths";
import type { DagItem } from "../model/types";
import { DurationsChart } from "./durations-chart";

const SHOWN = 60;
const HEIGHT = 250;

export function DurationsCard({ dag }: { dag: DagItem }) {
  const { t } = useTranslation("dag");
  const grid = useQuery(gridQuery(dag.dag_id, 365, undefined));
  const points = useMemo(() => (grid.data ? lengthPoints(grid.data).slice(-SHOWN) : []), [grid.data]);
  return (
    <Card
      title={t("tab.durations")}
      note={t("durations.note", { n: WINDOW })}
      tools={
        <Link to="/dags/$dag/$tab" params={{ dag: dag.dag_id, tab: "durations" }}>
          {t("durations.all")}
        </Link>
      }
    >
      {grid.isPending ? <Loading what={t("what.durations")} height={HEIGHT} /> : null}
      {grid.isError && !grid.data ? (
        <Failure error={grid.error} what={t("what.durations")} onRetry={() => void grid.refetch()} />
      ) : null}
      {grid.data ? <DurationsChart dag={dag} points={points} height={HEIGHT} /> : null}
    </Card>
  );
}
