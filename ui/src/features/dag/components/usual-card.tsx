/** The graph of the usual run: order, what is parallel, the slowest step, and what would make it faster. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TaskState } from "../../../api/schema";
import { late } from "../../../live/late";
import { Card } from "../../../ui/card";
import { Choices } from "../../../ui/choices";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { runTasksQuery, standingQuery, usualQuery } from "../api/queries";
import { useSearchKey } from "../api/use-search";
import { rhythmOf } from "../model/rhythm";
import type { DagView, Usual } from "../model/types";
import { useLastFaces, useUsualFaces } from "./use-faces";
import styles from "./usual-card.module.css";
import { UsualFacts } from "./usual-facts";

const TaskGraph = late(async () => ({ default: (await import("../../../graph/view/task-graph")).TaskGraph }));
TaskGraph.warm();
const GRAPH_HEIGHT = 240;

export function UsualCard({ view }: { view: DagView }) {
  const { t } = useTranslation("dag");
  const usual = useQuery(usualQuery(view.dag.dag_id));
  const [shown, setShown] = useSearchKey("graph");
  const isLast = shown === "last";
  const rhythm = rhythmOf(view.dag);
  return (
    <Card
      flush
      title={t("usual.title", { rhythm: isLast ? "last" : rhythm })}
      note={usual.data && !isLast ? <Basis usual={usual.data} /> : null}
      tools={
        <>
          <span className={styles.legend}>
            <span className={styles.thick} aria-hidden="true" /> {t("usual.critical")}
          </span>
          {isLast ? null : (
            <span className={styles.legend}>
              <span className={styles.thin} aria-hidden="true" /> {t("usual.share")}
            </span>
          )}
          <Choices
            label={t("usual.choice")}
            choices={[
              { value: "usual", label: t("usual.usual") },
              { value: "last", label: t("usual.last") },
            ]}
            value={isLast ? "last" : "usual"}
            onChange={(value) => setShown(value === "last" ? "last" : undefined)}
          />
        </>
      }
    >
      {usual.isPending ? <Loading what={t("what.usual")} height={GRAPH_HEIGHT} /> : null}
      {usual.isError && !usual.data ? (
        <Failure error={usual.error} what={t("what.usual")} onRetry={() => void usual.refetch()} />
      ) : null}
      {usual.data ? (
        <>
          <div className={styles.graph}>
            <Suspense fallback={<Loading what={t("what.usual")} height={GRAPH_HEIGHT} />}>
              {isLast ? <LastGraph view={view} usual={usual.data} /> : <UsualGraph view={view} usual={usual.data} />}
            </Suspense>
          </div>
          <UsualFacts usual={usual.data} />
        </>
      ) : null}
    </Card>
  );
}

function Basis({ usual }: { usual: Usual }) {
  const { t } = useTranslation("dag");
  if (usual.basis === "usual") return <>{t("usual.basis", { n: usual.good_runs })}</>;
  return <>{t(usual.basis === "last" ? "usual.fewRuns" : "usual.noRuns", { n: usual.good_runs })}</>;
}

function usePools(usual: Usual): ReadonlyMap<string, number> {
  return useMemo(
    () => new Map(usual.parallel.flatMap((part) => (part.pool && part.slots ? [[part.pool, part.slots]] : []))),
    [usual.parallel],
  );
}

function UsualGraph({ view, usual }: { view: DagView; usual: Usual }) {
  const { t } = useTranslation("dag");
  const faceOf = useUsualFaces(view.graph, usual);
  const pools = usePools(usual);
  if (view.graph.tasks.length === 0) return <Empty>{t("usual.noTasks")}</Empty>;
  return (
    <TaskGraph
      graph={view.graph}
      label={t("usual.graph", { dag: view.dag.dag_id })}
      faceOf={faceOf}
      criticalPath={usual.critical}
      pools={pools}
    />
  );
}

function LastGraph({ view, usual }: { view: DagView; usual: Usual }) {
  const { t } = useTranslation("dag");
  const navigate = useNavigate();
  const standing = useQuery(standingQuery(view.dag.dag_id)).data;
  const run = standing?.active?.run_id ?? standing?.run?.run_id;
  const tasks = useQuery(runTasksQuery(run));
  const states = useMemo(
    () => new Map<string, TaskState>(tasks.data?.items.map((task) => [task.task_id, task.state])),
    [tasks.data],
  );
  const faceOf = useLastFaces(tasks.data?.items ?? []);
  const pools = usePools(usual);
  if (standing && !run) return <Empty>{t("usual.noRuns")}</Empty>;
  if (!run || tasks.isPending) return <Loading what={t("what.usual")} height={GRAPH_HEIGHT} />;
  return (
    <TaskGraph
      graph={view.graph}
      label={t("usual.graphLast", { dag: view.dag.dag_id })}
      states={states}
      faceOf={faceOf}
      criticalPath={usual.critical}
      pools={pools}
      onSelect={(task) => void navigate({ to: "/runs/$run", params: { run }, search: { task } })}
    />
  );
}
