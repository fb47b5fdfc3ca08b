/** Where the run stands: its DAG, its date, and the runs before and after it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dayAndClock } from "../../../time/format";
import { useZone, zoneLabel } from "../../../time/zone";
import { KeyHint } from "../../../ui/key-hint";
import type { RunStory } from "../model/types";
import styles from "./crumb.module.css";

export function Crumb({ story, zone: dagZone }: { story: RunStory; zone: string | undefined }) {
  const { t, i18n } = useTranslation("run");
  const zone = useZone(dagZone);
  const at = new Date(story.run.logical_date);
  const when = `${dayAndClock(i18n.language, at, zone, new Date())} ${zoneLabel(zone, at, i18n.language)}`;
  return (
    <div className={styles.crumb}>
      <nav className={styles.path} aria-label={t("crumb.label")}>
        <Link to="/dags/$dag" params={{ dag: story.run.dag_id }}>
          {story.run.dag_id}
        </Link>
        <span aria-hidden="true">/</span>
        <span title={story.run.run_id}>{t("crumb.run", { when })}</span>
      </nav>
      <div className={styles.around}>
        <Neighbour run={story.previous_run_id} mark="[" label={t("crumb.previous")} />
        <Neighbour run={story.next_run_id} mark="]" label={t("crumb.next")} />
      </div>
    </div>
  );
}

function Neighbour({ run, mark, label }: { run: string | null | undefined; mark: string; label: string }) {
  if (!run) return null;
  return (
    <Link to="/runs/$run" params={{ run }} className={styles.neighbour}>
      <KeyHint>{mark}</KeyHint> {label}
    </Link>
  );
}
