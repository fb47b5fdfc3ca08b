/** What the chosen task did: its tries with their cost, what went in, what came out, how its checks ended. */
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Attempt, DagGraph, Schemas, TaskInstance } from "../../../api/schema";
import { duration, megabytes } from "../../../time/format";
import { Card } from "../../../ui/card";
import { Chip } from "../../../ui/chip";
import { Failure, Loading } from "../../../ui/panel-states";
import { StateIcon } from "../../../ui/state-icon";
import { At, Length } from "../../../ui/when";
import { attemptsQuery, resultQuery } from "../api/queries";
import { endedWith, outcomeKey, outcomeState } from "../model/outcome";
import type { RunStory } from "../model/types";
import styles from "./attempts-card.module.css";
import { Difference } from "./differences";

interface AttemptsCardProps {
  story: RunStory;
  task: TaskInstance;
  graph: DagGraph | undefined;
  zone: string | undefined;
  children: ReactNode;
}

export function AttemptsCard({ story, task, graph, zone, children }: AttemptsCardProps) {
  const { t } = useTranslation("run");
  const run = story.run.run_id;
  const attempts = useQuery({ ...attemptsQuery(run, task.task_id), enabled: task.try_number > 0 });
  const newest = useMemo(() => attempts.data?.items.toReversed() ?? [], [attempts.data]);
  return (
    <Card
      flush
      title={
        <>
          {t("attempts.title")} <Chip>{task.task_id}</Chip>
        </>
      }
    >
      {attempts.isError ? (
        <Failure error={attempts.error} what={t("attempts.what")} onRetry={() => void attempts.refetch()} />
      ) : attempts.isLoading ? (
        <Loading what={t("attempts.what")} height={80} />
      ) : newest.length === 0 ? (
        <p className={styles.none}>{t("attempts.none")}</p>
      ) : (
        <Table attempts={newest} zone={zone} />
      )}
      <dl className={styles.list}>
        <Inputs story={story} task={task} graph={graph} />
        <Rendered attempt={newest[0]} />
        <Result run={run} task={task} />
        <Checks attempt={newest[0]} task={task} graph={graph} />
      </dl>
      <div className={styles.foot}>{children}</div>
    </Card>
  );
}

const SHOWN = 12;

function outcomeWord(t: TFunction<"run">, attempt: Attempt): string {
  return attempt.outcome ? t(`attempts.outcome.${outcomeKey(attempt.outcome)}`) : t("attempts.runs");
}

function Table({ attempts, zone }: { attempts: readonly Attempt[]; zone: string | undefined }) {
  const { t, i18n } = useTranslation("run");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow page the table scrolls sideways, by keys too
    <section className={styles.scroller} tabIndex={0} aria-label={t("attempts.title")}>
      <table className={styles.table}>
        <thead>
          <tr>
            {(["try", "started", "took", "ended", "cpu", "memory"] as const).map((name) => (
              <th key={name} scope="col" data-column={name}>
                {t(`attempts.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {attempts.slice(0, SHOWN).map((attempt) => (
            <tr key={attempt.attempt_id}>
              <td>{attempt.try_number}</td>
              <td>{attempt.started_at ? <At at={attempt.started_at} zone={zone} only="seconds" /> : "–"}</td>
              <td className={styles.number}>
                <Length seconds={attempt.duration_s} since={attempt.outcome ? null : attempt.started_at} />
              </td>
              <td>
                <span className={styles.ended}>
                  <StateIcon state={outcomeState(attempt)} size={14} />
                  <span className={styles.why}>
                    {endedWith(attempt, (code) => t("face.exit", { code })) || outcomeWord(t, attempt)}
                  </span>
                </span>
              </td>
              <td className={styles.number}>{duration(i18n.language, attempt.cpu_user_s + attempt.cpu_system_s)}</td>
              <td className={styles.number}>
                {attempt.rss_peak_mb > 0 ? megabytes(i18n.language, attempt.rss_peak_mb) : "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {attempts.length > SHOWN ? (
        <p className={styles.none}>{t("attempts.more", { n: attempts.length - SHOWN })}</p>
      ) : null}
    </section>
  );
}

/** The results that the task gets and the params of its run. */
function Inputs({ story, task, graph }: { story: RunStory; task: TaskInstance; graph: DagGraph | undefined }) {
  const { t } = useTranslation("run");
  const above = useMemo(
    () => graph?.edges.filter((edge) => edge.downstream.includes(task.task_id)).flatMap((edge) => edge.upstream) ?? [],
    [graph, task.task_id],
  );
  const params = Object.entries(story.run.params);
  if (above.length === 0 && params.length === 0) return null;
  return (
    <Difference name={t("attempts.inputs")}>
      {above.length > 0 ? (
        <p>
          {t("attempts.above", { n: above.length })} <b>{above.slice(0, 6).join(", ")}</b>
          {above.length > 6 ? ` ${t("attempts.others", { n: above.length - 6 })}` : ""}
        </p>
      ) : null}
      {params.length > 0 ? (
        <p className={styles.values}>
          {params.map(([name, value]) => (
            <span key={name}>
              {name} <b>{typeof value === "string" ? value : JSON.stringify(value)}</b>
            </span>
          ))}
        </p>
      ) : null}
    </Difference>
  );
}

function Rendered({ attempt }: { attempt: Attempt | undefined }) {
  const { t } = useTranslation("run");
  const fields = Object.entries(attempt?.rendered ?? {});
  if (fields.length === 0) return null;
  return (
    <Difference name={t("attempts.rendered")}>
      {fields.map(([name, text]) => (
        <figure key={name} className={styles.rendered}>
          <figcaption>{name}</figcaption>
          <pre>{text}</pre>
        </figure>
      ))}
    </Difference>
  );
}

const RESULT_MAX = 2_000;

function Result({ run, task }: { run: string; task: TaskInstance }) {
  const { t } = useTranslation("run");
  const exists = task.state === "success";
  const result = useQuery(resultQuery(run, task.task_id, exists));
  if (!exists || result.isLoading) return null;
  return (
    <Difference name={t("attempts.result")}>
      {result.data ? <ResultValue result={result.data} /> : <span>{t("attempts.nothing")}</span>}
    </Difference>
  );
}

function ResultValue({ result }: { result: Schemas["TaskResult"] }) {
  const { t, i18n } = useTranslation("run");
  if (result.stored) {
    return (
      <span>
        {t("attempts.stored", { codec: result.codec, size: megabytes(i18n.language, result.size / 1024 / 1024) })}
      </span>
    );
  }
  const text = JSON.stringify(result.value, withFilesAsPaths, 2) ?? "";
  return (
    <pre className={styles.json}>
      {text.slice(0, RESULT_MAX)}
      {text.length > RESULT_MAX ? "…" : ""}
    </pre>
  );
}

/** Files that a result names stand in it by their path; their links are a part of the page. */
function withFilesAsPaths(_key: string, value: unknown): unknown {
  const isFiles = typeof value === "object" && value !== null && "$files" in value && Object.keys(value).length === 1;
  const files = isFiles ? value.$files : null;
  return typeof files === "object" && files !== null && "path" in files ? files.path : value;
}

/** What does not hold is what people look for. */
function brokenFirst(checks: Attempt["checks"]): Attempt["checks"] {
  return checks.toSorted((one, other) => Number(one.ok) - Number(other.ok));
}

function Checks({
  attempt,
  task,
  graph,
}: {
  attempt: Attempt | undefined;
  task: TaskInstance;
  graph: DagGraph | undefined;
}) {
  const { t } = useTranslation("run");
  const checks = attempt?.checks ?? [];
  if (checks.length === 0) {
    const failed = task.state === "failed" && graph !== undefined;
    return failed ? <Difference name={t("attempts.checks")}>{t("attempts.notReached")}</Difference> : null;
  }
  return (
    <Difference name={t("attempts.checks")}>
      {brokenFirst(checks).map((check, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two checks may bear one name, and the list never changes
        <p key={at} className={styles.check}>
          <StateIcon state={check.ok ? "success" : "failed"} size={14} />
          <span>
            <b>{check.check}</b> {check.detail}
            {check.wanted ? (
              <span className={styles.wanted}> {t("attempts.wanted", { what: check.wanted })}</span>
            ) : null}
          </span>
        </p>
      ))}
    </Difference>
  );
}
