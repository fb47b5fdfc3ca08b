/** What starts the DAG besides its schedule: each trigger with its last run, what waits, and its trouble. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { breakable } from "../../../ui/chip";
import { StateIcon } from "../../../ui/state-icon";
import { Ago } from "../../../ui/when";
import type { DagView, TriggerView } from "../model/types";
import styles from "./triggers.module.css";

export function Triggers({ view }: { view: DagView }) {
  const { t } = useTranslation("dag");
  const triggers = view.triggers ?? [];
  if (triggers.length === 0) return null;
  return (
    <ul className={styles.list} aria-label={t("triggers.label")}>
      {triggers.map((trigger) => (
        <Trigger key={trigger.text} trigger={trigger} />
      ))}
    </ul>
  );
}

function Trigger({ trigger }: { trigger: TriggerView }) {
  const { t } = useTranslation("dag");
  const name = useName(trigger);
  return (
    <li className={styles.trigger}>
      <span className={styles.words}>
        {t("triggers.startedBy", { name })}
        {trigger.hook ? <code className={styles.hook}>{breakable(trigger.hook)}</code> : null}
        {trigger.run_id && trigger.started_at ? (
          <span className={styles.last}>
            <Link to="/runs/$run" params={{ run: trigger.run_id }}>
              {t("triggers.lastRun")}
            </Link>{" "}
            <Ago at={trigger.started_at} />
          </span>
        ) : null}
      </span>
      {trigger.waiting ? <span className={styles.last}>{t("triggers.waits", { event: trigger.waiting })}</span> : null}
      {trigger.trouble ? (
        <span className={styles.trouble} role="alert">
          <StateIcon state="late" /> {breakable(trigger.trouble)}
        </span>
      ) : null}
    </li>
  );
}

function useName(trigger: TriggerView): string {
  const { t } = useTranslation("dag");
  const branches = trigger.branches.join(", ");
  const values = {
    path: trigger.path,
    repository: trigger.repository,
    branches,
    has_branches: branches ? "yes" : "no",
    has_repository: trigger.repository ? "yes" : "no",
  };
  switch (trigger.kind) {
    case "commit":
      return t("triggers.commit", values);
    case "change":
      return t("triggers.change", values);
    case "push":
      return t("triggers.push", values);
    default:
      return trigger.text;
  }
}
