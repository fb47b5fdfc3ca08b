/** What can be done to the run or DAG that the page is about, with its price. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePrice } from "../../../ui/price";
import { hasEnded } from "../../../ui/state";
import { cancelRun, dagQuery, retryPriceQuery, retryRun, runQuery, setPaused } from "../api/queries";
import { type Entry, subjectOf } from "../model/entries";

export function useSubjectActions(onProblem: (error: unknown) => void): Entry[] {
  const pathname = useLocation({ select: (location) => location.pathname });
  const { runId, dagId } = subjectOf(pathname);
  return [...useRunActions(runId, onProblem), ...useDagActions(dagId, onProblem)];
}

function useRunActions(runId: string, onProblem: (error: unknown) => void): Entry[] {
  const { t } = useTranslation("palette");
  const client = useQueryClient();
  const priceOf = usePrice();
  const run = useQuery(runQuery(runId));
  const price = useQuery(retryPriceQuery(runId));
  if (!run.data) return [];
  const after = (work: Promise<unknown>) => void work.then(() => client.invalidateQueries(), onProblem);
  const actions: Entry[] = [];
  if (price.data && price.data.tasks.length > 0) {
    actions.push({
      id: "retry",
      group: "actions",
      label: t("action.retry"),
      note: priceOf({ tasks: price.data.tasks.length, kept: price.data.kept }),
      icon: "up_for_retry",
      act: () => after(retryRun(runId)),
    });
  }
  if (!hasEnded(run.data.state)) {
    actions.push({
      id: "cancel",
      group: "actions",
      label: t("action.cancel"),
      icon: "cancelled",
      isDestructive: true,
      act: () => after(cancelRun(runId)),
    });
  }
  const dag = run.data.dag_id;
  actions.push(
    { id: "logs", group: "actions", label: t("action.logs"), to: `/runs/${encodeURIComponent(runId)}/logs` },
    { id: "dag", group: "actions", label: t("action.openDag", { dag }), to: `/dags/${encodeURIComponent(dag)}` },
  );
  return actions;
}

function useDagActions(dagId: string, onProblem: (error: unknown) => void): Entry[] {
  const { t } = useTranslation("palette");
  const client = useQueryClient();
  const view = useQuery(dagQuery(dagId));
  if (!view.data) return [];
  const { paused } = view.data.dag;
  return [
    {
      id: "trigger",
      group: "actions",
      label: t("action.trigger", { dag: dagId }),
      keyName: "T",
      to: `/dags/${encodeURIComponent(dagId)}/trigger`,
    },
    {
      id: "pause",
      group: "actions",
      label: t(paused ? "action.unpause" : "action.pause", { dag: dagId }),
      keyName: "P",
      isDestructive: !paused,
      act: () => void setPaused(dagId, !paused).then(() => client.invalidateQueries(), onProblem),
    },
    {
      id: "runs",
      group: "actions",
      label: t("action.runs", { dag: dagId }),
      to: `/runs?dag=${encodeURIComponent(dagId)}`,
    },
  ];
}
