/** Why: the log of the chosen task, opened at its exception; while the task runs, its end, live. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { address } from "../../../api/address";
import type { TaskInstance } from "../../../api/schema";
import { Card } from "../../../ui/card";
import { Chip } from "../../../ui/chip";
import { Choices } from "../../../ui/choices";
import { KeyHint } from "../../../ui/key-hint";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { Sentence } from "../../../ui/sentence";
import { overviewQuery } from "../api/queries";
import { useFollow } from "../api/use-follow";
import { rootOf } from "../model/facts";
import type { RunStory } from "../model/types";
import { Excerpt } from "./excerpt";
import styles from "./why-card.module.css";

interface WhyCardProps {
  story: RunStory;
  task: TaskInstance;
  attempt: number | undefined;
  line: number | undefined;
  onAttempt: (attempt: number) => void;
  onTask: (task: string) => void;
}

export function WhyCard({ story, task, attempt, line, onAttempt, onTask }: WhyCardProps) {
  const { t } = useTranslation("run");
  const run = story.run.run_id;
  const name = task.task_id;
  const isRoot = rootOf(story, name) !== undefined;
  return (
    <Card
      flush
      className={styles.card ?? ""}
      title={
        <>
          {t(isRoot ? "why.titleFailed" : "why.title")} <Chip>{name}</Chip>
        </>
      }
      tools={
        <>
          <Tries task={task} attempt={attempt} onAttempt={onAttempt} />
          <span className={styles.ways}>
            {isRoot ? (
              <span className={styles.jump}>
                {t("why.jump")} <KeyHint>E</KeyHint>
              </span>
            ) : null}
            <Link
              to="/runs/$run/logs"
              params={{ run }}
              search={{ task: name, try: attempt ? `${attempt}` : undefined }}
            >
              {t("why.open")}
            </Link>
            <a href={textAddress(run, name, attempt)} download>
              {t("why.download")}
            </a>
          </span>
        </>
      }
    >
      {story.roots.length > 1 ? (
        <div className={styles.roots}>
          <Choices
            label={t("why.roots")}
            choices={story.roots.map((root) => ({ value: root.task_id, label: root.task_id }))}
            value={name}
            onChange={onTask}
          />
        </div>
      ) : null}
      <Log story={story} task={task} attempt={attempt} line={line} />
    </Card>
  );
}

function Tries({ task, attempt, onAttempt }: Pick<WhyCardProps, "task" | "attempt" | "onAttempt">) {
  const { t } = useTranslation("run");
  if (task.try_number < 2) return null;
  const shown = Array.from({ length: Math.min(task.try_number, 8) }, (_, at) => task.try_number - at).reverse();
  return (
    <Choices
      label={t("why.tries")}
      choices={shown.map((n) => ({ value: n, label: t("why.try", { n }) }))}
      value={attempt ?? task.try_number}
      onChange={onAttempt}
    />
  );
}

function Log({ story, task, attempt, line }: Pick<WhyCardProps, "story" | "task" | "attempt" | "line">) {
  const { t } = useTranslation("run");
  const run = story.run.run_id;
  const began = task.try_number > 0;
  const isNewest = attempt === undefined || attempt === task.try_number;
  useFollow(run, task.task_id, attempt, isNewest && task.state === "running");
  const overview = useQuery({ ...overviewQuery(run, task.task_id, attempt), enabled: began });
  if (!began) return <NotBegun story={story} task={task} />;
  if (overview.isError)
    return <Failure error={overview.error} what={t("why.what")} onRetry={() => void overview.refetch()} />;
  if (!overview.data) return <Loading what={t("why.what")} height={280} />;
  if (overview.data.missing) return <Empty>{t("why.missing")}</Empty>;
  if (overview.data.lines === 0 && task.state === "skipped") return <NotBegun story={story} task={task} />;
  if (overview.data.lines === 0) return <Empty>{task.state === "running" ? t("why.quiet") : t("why.nothing")}</Empty>;
  return <Excerpt run={run} task={task} attempt={attempt} overview={overview.data} line={line} />;
}

/** A task without an attempt, or one that skipped itself, has no log, but a reason. */
function NotBegun({ story, task }: { story: RunStory; task: TaskInstance }) {
  const { t } = useTranslation("run");
  const blocker = story.roots.find((root) => root.blocked.includes(task.task_id));
  if (blocker)
    return (
      <Empty>
        <Sentence
          sentence={{ code: "upstream_failed", values: { tasks: [blocker.task_id] }, text: t("why.notBegun") }}
        />
      </Empty>
    );
  return (
    <Empty>
      {task.reason ? <Sentence sentence={{ ...task.reason, text: task.reason.code }} /> : t("why.notBegun")}
    </Empty>
  );
}

function textAddress(run: string, task: string, attempt: number | undefined): string {
  const query = attempt ? `?attempt=${attempt}` : "";
  return `${address(`api/v1/runs/${encodeURIComponent(run)}/tasks/${encodeURIComponent(task)}/logs/text`)}${query}`;
}
