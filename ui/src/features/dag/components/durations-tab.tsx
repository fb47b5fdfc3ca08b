/** How long runs take, and whether they slow down. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Choices } from "../../../ui/choices";
import { Failure, Loading } from "../../../ui/panel-states";
import { gridQuery } from "../api/queries";
import { useSearchKey } from "../api/use-search";
import { lengthPoints, WINDOW } from "../model/lengths";
import type { DagView } from "../model/types";
import { DurationsChart } from "./durations-chart";
import { SlowTasks } from "./slow-tasks";
import { TrendCard } from "./trend-card";

const SPANS = ["30", "90", "365"] as const;
const HEIGHT = 320;

export default function DurationsTab({ view }: { view: DagView }) {
  const { t } = useTranslation("dag");
  const { dag } = view;
  const [asked, ask] = useSearchKey("runs");
  const span = SPANS.find((one) => one === asked) ?? "365";
  const grid = useQuery(gridQuery(dag.dag_id, Number(span), undefined));
  const points = useMemo(() => (grid.data ? lengthPoints(grid.data) : []), [grid.data]);
  return (
    <>
      <Card
        title={t("tab.durations")}
        note={t("durations.note", { n: WINDOW })}
        tools={
          <Choices
            label={t("grid.choice")}
            choices={SPANS.map((one) => ({ value: one, label: t(`grid.span.${one}`) }))}
            value={span}
            onChange={(value) => ask(value === "365" ? undefined : value)}
          />
        }
      >
        {grid.isPending ? <Loading what={t("what.durations")} height={HEIGHT} /> : null}
        {grid.isError && !grid.data ? (
          <Failure error={grid.error} what={t("what.durations")} onRetry={() => void grid.refetch()} />
        ) : null}
        {grid.data ? <DurationsChart dag={dag} points={points} height={HEIGHT} /> : null}
      </Card>
      <TrendCard dag={dag} />
      <SlowTasks dag={dag} />
    </>
  );
}
