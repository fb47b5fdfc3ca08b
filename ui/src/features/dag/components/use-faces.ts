/** What the node of each task says: its usual length with its share of the run, or what it took in the last one. */
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { DagGraph, TaskInstance } from "../../../api/schema";
import type { TaskFace } from "../../../graph/props";
import { duration } from "../../../time/format";
import type { Usual } from "../model/types";

export function useUsualFaces(graph: DagGraph, usual: Usual): (task: string) => TaskFace {
  const { t, i18n } = useTranslation("dag");
  const times = useMemo(() => new Map(usual.tasks.map((task) => [task.task_id, task])), [usual.tasks]);
  const tries = useMemo(() => new Map(graph.tasks.map((task) => [task.task_id, task.retries ?? 0])), [graph.tasks]);
  return useCallback(
    (name) => {
      const task = times.get(name);
      const retries = tries.get(name) ?? 0;
      const words = [
        typeof task?.median_s === "number" ? duration(i18n.language, task.median_s) : "",
        retries > 0 ? t("face.tries", { n: retries + 1 }) : "",
      ].filter(Boolean);
      return {
        ...(words.length > 0 ? { detail: words.join(" · ") } : {}),
        ...(task && typeof task.median_s === "number" ? { share: task.share } : {}),
        ...(usual.slowest === name && usual.tasks.length > 1 ? { badge: t("face.slowest") } : {}),
      };
    },
    [times, tries, usual.slowest, usual.tasks.length, t, i18n.language],
  );
}

export function useLastFaces(tasks: readonly TaskInstance[]): (task: string) => TaskFace {
  const { t, i18n } = useTranslation("dag");
  const byName = useMemo(() => new Map(tasks.map((task) => [task.task_id, task])), [tasks]);
  return useCallback(
    (name) => {
      const task = byName.get(name);
      if (!task) return {};
      const words = [
        typeof task.duration_s === "number" ? duration(i18n.language, task.duration_s) : t(`letter.${task.state}`),
        task.try_number > 1 ? t("face.try", { n: task.try_number, of: task.max_tries }) : "",
      ].filter(Boolean);
      return { detail: words.join(" · ") };
    },
    [byName, t, i18n.language],
  );
}
