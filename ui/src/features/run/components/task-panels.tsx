/** The panels of the chosen task: its log and its attempts. */
import { useTranslation } from "react-i18next";
import type { DagGraph, TaskInstance } from "../../../api/schema";
import { Loading } from "../../../ui/panel-states";
import type { RunStory } from "../model/types";
import { AttemptsCard } from "./attempts-card";
import { CopyWays } from "./copy-ways";
import { WhyCard } from "./why-card";

interface TaskPanelsProps {
  part: "why" | "attempts";
  story: RunStory;
  task: TaskInstance | undefined;
  attempt: number | undefined;
  line: number | undefined;
  graph: DagGraph | undefined;
  zone: string | undefined;
  onTask: (task: string) => void;
  onAttempt: (attempt: number) => void;
}

export function TaskPanels({ part, story, task, attempt, line, graph, zone, onTask, onAttempt }: TaskPanelsProps) {
  const { t } = useTranslation("run");
  if (!task) return <Loading what={t("attempts.what")} height={240} />;
  if (part === "why")
    return (
      <WhyCard
        key={task.task_id}
        story={story}
        task={task}
        attempt={attempt}
        line={line}
        onAttempt={onAttempt}
        onTask={onTask}
      />
    );
  return (
    <AttemptsCard key={task.task_id} story={story} task={task} graph={graph} zone={zone}>
      <CopyWays story={story} task={task.task_id} />
    </AttemptsCard>
  );
}
