/** What the node of each task says: its length, its try, how it ended, why it did not run. */
import type { TFunction } from "i18next";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TaskInstance } from "../../../api/schema";
import type { TaskFace } from "../../../graph/props";
import { duration } from "../../../time/format";
import { useNowOf } from "../../../time/now";
import type { RootFailure, RunStory } from "../model/types";

export function useFaces(story: RunStory, tasks: readonly TaskInstance[]): (task: string) => TaskFace {
  const { t, i18n } = useTranslation("run");
  const byName = useMemo(() => new Map(tasks.map((task) => [task.task_id, task])), [tasks]);
  const roots = useMemo(() => new Map(story.roots.map((root) => [root.task_id, root])), [story.roots]);
  const blockers = useMemo(
    () => new Map(story.roots.flatMap((root) => root.blocked.map((below) => [below, root.task_id]))),
    [story.roots],
  );
  const anyRuns = useMemo(() => tasks.some((task) => task.state === "running"), [tasks]);
  // A length that grows is redrawn each second; a run that stands still draws its nodes once.
  const tick = useNowOf((now) => (anyRuns ? Math.floor(now / 1000) : 0));
  return useCallback(
    (name: string): TaskFace => {
      const task = byName.get(name);
      if (!task || task.state === "scheduled") return {};
      if (task.state === "upstream_failed") {
        const blocker = blockers.get(name);
        return { detail: blocker ? t("face.notRun", { task: blocker }) : t("face.notRunAlone") };
      }
      const root = roots.get(name);
      const seconds = root?.duration_s ?? lengthOf(task, tick);
      const length = seconds === null ? "" : duration(i18n.language, seconds);
      const detail = [...wordsOf(t, task, length), ...endOf(t, root)].filter(Boolean).join(" · ");
      return detail ? { detail } : {};
    },
    [byName, roots, blockers, i18n.language, t, tick],
  );
}

type Say = TFunction<"run">;

/** Its length and its try, or the word of its state. */
function wordsOf(t: Say, task: TaskInstance, length: string): string[] {
  switch (task.state) {
    case "failed":
      return [length, task.max_tries > 1 ? t("face.try", { n: task.try_number, of: task.max_tries }) : ""];
    case "running":
      return [length, task.try_number > 1 ? t("face.try", { n: task.try_number, of: task.max_tries }) : ""];
    case "success":
      return [length, task.try_number > 1 ? t("face.onTry", { n: task.try_number }) : ""];
    case "skipped":
    case "cancelled":
    case "queued":
    case "up_for_retry":
    case "waiting":
      return [t(`face.${task.state}`)];
    case "scheduled":
    case "upstream_failed":
      return [];
  }
}

/** How the process of a failed task ended, when that tells something. */
function endOf(t: Say, root: RootFailure | undefined): string[] {
  if (root?.signal_name) return [root.signal_name];
  return root?.exit_code ? [t("face.exit", { code: root.exit_code })] : [];
}

function lengthOf(task: TaskInstance, second: number): number | null {
  if (task.state === "running" && task.started_at)
    return Math.max(0, Math.floor(second - Date.parse(task.started_at) / 1000));
  return task.state === "success" || task.state === "failed" ? (task.duration_s ?? null) : null;
}
