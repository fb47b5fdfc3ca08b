/** What is known of the run in a row: when it ended, what it took, what was saved and waited, its code, who started it. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../../../time/format";
import { useSentenceText } from "../../../ui/sentence";
import { Ago, At, Length } from "../../../ui/when";
import { isActive, longestWait, shortHash } from "../model/facts";
import type { RunEvent, RunStory } from "../model/types";
import styles from "./facts.module.css";

export function Facts({ story, zone, schedule }: { story: RunStory; zone: string | undefined; schedule: string }) {
  const { t, i18n } = useTranslation("run");
  const { run } = story;
  const wait = longestWait(story);
  const at = run.ended_at ?? run.started_at ?? run.created_at;
  return (
    <dl className={styles.facts}>
      <Fact name={t(run.ended_at ? "facts.ended" : run.started_at ? "facts.started" : "facts.created")}>
        <b>
          <At at={at} zone={zone} only="seconds" />
        </b>
        <Ago at={at} zone={zone} />
      </Fact>
      <Fact name={t(isActive(story) ? "facts.takes" : "facts.took")}>
        <b>
          <Length seconds={run.duration_s} since={isActive(story) ? run.started_at : null} />
        </b>
        {story.usual_s === null || story.usual_s === undefined ? null : (
          <span>
            {t("facts.usually")} <Length seconds={story.usual_s} />
          </span>
        )}
      </Fact>
      <Fact name={t("facts.work")}>
        <b>
          <Length seconds={story.work_s} />
        </b>
        {story.saved >= 0.01 ? <span>{t("facts.saved", { share: percent(i18n.language, story.saved) })}</span> : null}
      </Fact>
      {wait ? (
        <Fact name={t(wait.pool ? "facts.waited" : "facts.waitedWorkers")}>
          <b>
            <Length seconds={wait.longest_s} />
          </b>
          {wait.pool ? (
            <Link to="/workers" search={{ tab: "pools" }}>
              {t("facts.pool", { pool: wait.pool })}
            </Link>
          ) : null}
        </Fact>
      ) : null}
      <Code story={story} />
      <Starter story={story} schedule={schedule} />
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Code({ story }: { story: RunStory }) {
  const { t } = useTranslation("run");
  const { run } = story;
  return (
    <Fact name={t("facts.code")}>
      <Link to="/dags/$dag/$tab" params={{ dag: run.dag_id, tab: "code" }} search={{ v: run.bundle }}>
        <b>{shortHash(run.bundle)}</b>
      </Link>
      <span>{t(story.version_is_newest ? "facts.newest" : "facts.newerCode")}</span>
    </Fact>
  );
}

/** Where it happened: `main · /srv/erp`, `main · team/erp · ann`. */
function placeOf(event: RunEvent): string {
  return [event.branch, event.repository || event.path, event.by].filter(Boolean).join(" · ");
}

function Starter({ story, schedule }: { story: RunStory; schedule: string }) {
  const { t } = useTranslation("run");
  const { run } = story;
  const cause = useSentenceText()(story.cause);
  const edit = story.params_edits.at(-1);
  return (
    <>
      <Fact name={t("facts.startedBy")}>
        <b>
          {run.trigger === "manual" || run.trigger === "api"
            ? run.triggered_by || t("facts.api")
            : t(`facts.${run.trigger}`, {
                commit: shortHash(run.event?.commit ?? ""),
                n: run.event?.files_count ?? 0,
              })}
        </b>
        {run.note ? (
          <span className={styles.note}>{run.note}</span>
        ) : run.event ? (
          <span className={styles.note} title={cause}>
            {placeOf(run.event)}
          </span>
        ) : schedule ? (
          <span>{schedule}</span>
        ) : null}
      </Fact>
      {edit ? (
        <Fact name={t("facts.edited")}>
          <b>
            {Object.keys(edit.after)
              .filter((name) => edit.after[name] !== edit.before[name])
              .join(", ")}
          </b>
          <span>{edit.actor}</span>
        </Fact>
      ) : null}
    </>
  );
}
