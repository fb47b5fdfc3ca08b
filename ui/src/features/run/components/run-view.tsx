/** A run that is known: puts its parts in order and joins them by the address. */
import { useQuery } from "@tanstack/react-query";
import { Page } from "../../../ui/page";
import { changesQuery, graphQuery, poolsQuery, tasksQuery } from "../api/queries";
import { usePlace } from "../api/use-place";
import { shownTask } from "../model/facts";
import type { RunStory } from "../model/types";
import { ChangesCard } from "./changes-card";
import { Crumb } from "./crumb";
import { Facts } from "./facts";
import { FilesSlot } from "./files-slot";
import { Head } from "./head";
import styles from "./run-view.module.css";
import { StreamCard } from "./stream-card";
import { TaskPanels } from "./task-panels";
import { TimelineCard } from "./timeline-card";
import { Title } from "./verdict";

const NO_POOLS: ReadonlyMap<string, number> = new Map();

export function RunView({ story }: { story: RunStory }) {
  const { run } = story;
  const dag = useQuery(graphQuery(run.dag_id, run.bundle));
  const tasks = useQuery(tasksQuery(run.run_id));
  const pools = useQuery({ ...poolsQuery(), select: slotsOf });
  const changes = useQuery({ ...changesQuery(run.run_id), enabled: run.state === "failed" });
  const { place, go } = usePlace(run.state);
  const task = shownTask(story, place.task);
  const zone = dag.data?.dag.tz;
  const known = tasks.data?.find((one) => one.task_id === task) ?? tasks.data?.[0];
  const onTask = (name: string) => go({ task: name, attempt: undefined, line: undefined });
  const showsChanges = run.state === "failed" || run.state === "cancelled";
  const panels = { story, task: known, attempt: place.attempt, line: place.line, graph: dag.data?.graph, zone, onTask };
  return (
    <Page>
      <Title story={story} />
      <Crumb story={story} zone={zone} />
      <Head story={story} changes={changes.data} graph={dag.data?.graph} tasks={tasks.data} task={task} go={go} />
      <Facts story={story} zone={zone} schedule={dag.data?.dag.schedule ?? ""} />
      <FilesSlot run={run.run_id} onTask={onTask} />
      <div className={styles.parts} data-changes={showsChanges || undefined} data-view={place.view}>
        <div className={styles.stream}>
          <StreamCard
            story={story}
            graph={dag.data?.graph}
            tasks={tasks.data}
            pools={pools.data ?? NO_POOLS}
            zone={zone}
            view={place.view}
            task={task}
            onView={(view) => go({ view })}
            onTask={onTask}
          />
        </div>
        <div className={styles.why}>
          <TaskPanels {...panels} part="why" onAttempt={(attempt) => go({ attempt })} />
        </div>
        {showsChanges ? (
          <div className={styles.changes}>
            <ChangesCard story={story} zone={zone} />
          </div>
        ) : null}
        {place.view === "gantt" || !tasks.data ? null : (
          <div className={styles.timeline}>
            <TimelineCard story={story} tasks={tasks.data} zone={zone} task={task} onTask={onTask} />
          </div>
        )}
        <div className={styles.attempts}>
          <TaskPanels {...panels} part="attempts" onAttempt={(attempt) => go({ attempt })} />
        </div>
      </div>
    </Page>
  );
}

function slotsOf(pools: { items: readonly { name: string; slots: number }[] }): ReadonlyMap<string, number> {
  return new Map(pools.items.map((pool) => [pool.name, pool.slots]));
}
