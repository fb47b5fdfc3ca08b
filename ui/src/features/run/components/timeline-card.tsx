/** The Gantt as a part of the page, below what failed. */
import { useTranslation } from "react-i18next";
import type { TaskInstance } from "../../../api/schema";
import { clock } from "../../../time/format";
import { useZone, zoneLabel } from "../../../time/zone";
import { Card } from "../../../ui/card";
import type { RunStory } from "../model/types";
import { Gantt } from "./gantt";

interface TimelineCardProps {
  story: RunStory;
  tasks: readonly TaskInstance[];
  zone: string | undefined;
  task: string;
  onTask: (task: string) => void;
}

export function TimelineCard({ story, tasks, zone: dagZone, task, onTask }: TimelineCardProps) {
  const { t, i18n } = useTranslation("run");
  const zone = useZone(dagZone);
  const start = new Date(story.run.started_at ?? story.run.created_at);
  const note = t("gantt.from", {
    zone: zoneLabel(zone, start, i18n.language),
    clock: clock(i18n.language, start, zone, true),
  });
  return (
    <Card flush title={t("gantt.title")} note={note}>
      <Gantt story={story} tasks={tasks} zone={dagZone} task={task} onTask={onTask} />
    </Card>
  );
}
