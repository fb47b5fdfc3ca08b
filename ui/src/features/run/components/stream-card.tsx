/** Where the stream stopped: the graph of this run, its Gantt or its list. */
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { DagGraph, TaskInstance, TaskState } from "../../../api/schema";
import { TaskGraph } from "../../../graph/view/task-graph";
import { part } from "../../../live/part";
import { duration } from "../../../time/format";
import { Card } from "../../../ui/card";
import { Choices } from "../../../ui/choices";
import { Loading } from "../../../ui/panel-states";
import { VIEWS, type View } from "../model/place";
import type { RunStory } from "../model/types";
import { Gantt } from "./gantt";
import styles from "./stream-card.module.css";
import { useFaces } from "./use-faces";

const TaskList = lazy(part(() => import("./task-list")));

interface StreamCardProps {
  story: RunStory;
  graph: DagGraph | undefined;
  tasks: readonly TaskInstance[] | undefined;
  pools: ReadonlyMap<string, number>;
  zone: string | undefined;
  view: View;
  task: string;
  onView: (view: View) => void;
  onTask: (task: string) => void;
}

export function StreamCard(props: StreamCardProps) {
  const { story, view, onView } = props;
  const { t, i18n } = useTranslation("run");
  const stopped = story.run.state === "failed" || story.run.state === "cancelled";
  return (
    <Card
      flush={view !== "graph"}
      title={t(stopped ? "stream.stopped" : "stream.runs")}
      tools={
        <>
          {story.critical_s > 0 && view !== "list" ? (
            <span className={styles.path}>
              <span className={styles.thick} aria-hidden="true" />
              {t("stream.critical", { length: duration(i18n.language, story.critical_s) })}
            </span>
          ) : null}
          <Choices
            label={t("stream.view")}
            choices={VIEWS.map((one) => ({ value: one, label: t(`stream.${one}`) }))}
            value={view}
            onChange={onView}
          />
        </>
      }
    >
      <Suspense fallback={<Loading what={t("stream.what")} height={200} />}>
        <Content {...props} />
      </Suspense>
    </Card>
  );
}

function Content({ story, graph, tasks, pools, zone, view, task, onTask }: StreamCardProps) {
  const { t } = useTranslation("run");
  if (!tasks) return <Loading what={t("stream.what")} height={200} />;
  if (view === "gantt") return <Gantt story={story} tasks={tasks} zone={zone} task={task} onTask={onTask} />;
  if (view === "list") return <TaskList story={story} tasks={tasks} graph={graph} task={task} onTask={onTask} />;
  if (!graph) return <Loading what={t("stream.what")} height={200} />;
  return <Graph story={story} graph={graph} tasks={tasks} pools={pools} task={task} onTask={onTask} />;
}

interface GraphProps {
  story: RunStory;
  graph: DagGraph;
  tasks: readonly TaskInstance[];
  pools: ReadonlyMap<string, number>;
  task: string;
  onTask: (task: string) => void;
}

function Graph({ story, graph, tasks, pools, task, onTask }: GraphProps) {
  const { t } = useTranslation("run");
  const states = useMemo(() => new Map<string, TaskState>(tasks.map((one) => [one.task_id, one.state])), [tasks]);
  const faceOf = useFaces(story, tasks);
  // What failed and what is looked at is never hidden in a fold.
  const mustSee = useMemo(
    () => [...story.roots.map((root) => root.task_id), task].filter(Boolean),
    [story.roots, task],
  );
  return (
    <TaskGraph
      graph={graph}
      label={t("stream.label", { dag: story.run.dag_id })}
      states={states}
      faceOf={faceOf}
      criticalPath={story.critical_path}
      pools={pools}
      selected={task}
      onSelect={onTask}
      mustSee={mustSee}
    />
  );
}
