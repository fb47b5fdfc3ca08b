/** One run: how it stands, of which DAG, for which date, since when, how long, and how far it came. */
import { Link } from "@tanstack/react-router";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import type { Run } from "../../../api/schema";
import { number } from "../../../time/format";
import { StateIcon } from "../../../ui/state-icon";
import { Ago, At, Length } from "../../../ui/when";
import styles from "./run-row.module.css";

export function RunRow({ run, style, isCurrent }: { run: Run; style: CSSProperties; isCurrent: boolean }) {
  const { t } = useTranslation("runs");
  return (
    <li className={styles.row} style={style} aria-current={isCurrent || undefined}>
      <Link to="/runs/$run" params={{ run: run.run_id }} className={styles.link} title={run.run_id}>
        <StateIcon state={run.state} />
        <span className={styles.dag}>{run.dag_id}</span>
        <span className={styles.date}>
          <At at={run.logical_date} />
        </span>
        <span className={styles.by}>
          {run.trigger === "manual" && run.triggered_by
            ? t("row.by", { by: run.triggered_by })
            : t(`row.trigger.${run.trigger}`)}
        </span>
        <span className={styles.started}>
          <Ago at={run.started_at ?? run.created_at} />
        </span>
        <span className={styles.length}>
          {run.started_at !== null && run.ended_at === null ? (
            <Length since={run.started_at} />
          ) : (
            <Length seconds={run.duration_s} />
          )}
        </span>
        <Tasks run={run} />
      </Link>
    </li>
  );
}

function Tasks({ run }: { run: Run }) {
  const { t, i18n } = useTranslation("runs");
  const { counts } = run;
  const done = counts.success + counts.skipped;
  const words = t("row.tasks", {
    done: number(i18n.language, done),
    total: number(i18n.language, counts.total),
  });
  return (
    <span className={styles.tasks}>
      {words}
      {counts.failed > 0 ? <span className={styles.failed}>{t("row.failed", { n: counts.failed })}</span> : null}
    </span>
  );
}
