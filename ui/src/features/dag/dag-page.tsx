/** The page of a DAG: how it does in one sentence, then one of its tabs. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { type Late, late } from "../../live/late";
import { useLiveRefresh } from "../../live/use-live";
import { Page } from "../../ui/page";
import { Failure, Loading } from "../../ui/panel-states";
import { dagKeys, dagQuery, standingQuery } from "./api/queries";
import { Crumb } from "./components/crumb";
import { Head } from "./components/head";
import { MissingDag } from "./components/missing-dag";
import { DagTabs, type Tab, tabOf } from "./components/tabs";
import type { DagView } from "./model/types";

const tabs: Record<Tab, Late<{ view: DagView }>> = {
  overview: late(() => import("./components/overview")),
  runs: late(() => import("./components/runs-tab")),
  calendar: late(() => import("./components/calendar-tab")),
  durations: late(() => import("./components/durations-tab")),
  schedule: late(() => import("./components/schedule-tab")),
  code: late(() => import("./components/code-tab")),
  trigger: late(() => import("./components/trigger-tab")),
};
// The tab that nearly everybody opens first comes while the DAG is asked for.
tabs.overview.warm();

export default function DagPage() {
  const { t } = useTranslation("dag");
  const { dag = "", tab: asked } = useParams({ strict: false });
  const view = useQuery(dagQuery(dag));
  const standing = useQuery(standingQuery(dag));
  useLiveRefresh(dagKeys.dag(dag), (event) =>
    event.type === "run" ? event.dag_id === dag : event.type === "dags" && event.dag_ids.includes(dag),
  );
  const tab = tabOf(asked);
  const Content = tabs[tab];
  if (view.isError && asProblem(view.error).isMissing) return <MissingDag dag={dag} />;
  return (
    <Page title={dag}>
      {view.data ? (
        <>
          <div>
            <Crumb dag={view.data.dag} />
            <Head view={view.data} standing={standing.data} />
          </div>
          <DagTabs dag={dag} tab={tab} />
          <Suspense fallback={<Loading what={t(`tab.${tab}`)} height={420} />}>
            <Content key={dag} view={view.data} />
          </Suspense>
        </>
      ) : null}
      {view.isPending ? <Loading what={t("what.dag", { dag })} height={520} /> : null}
      {view.isError && !view.data ? (
        <Failure error={view.error} what={t("what.dag", { dag })} onRetry={() => void view.refetch()} />
      ) : null}
    </Page>
  );
}
