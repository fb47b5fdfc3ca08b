/** One unmet condition: its number, who holds it, about how long. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { number, roughly } from "../../../time/format";
import { HolderRow } from "../../../ui/capacity/holder-row";
import { breakable } from "../../../ui/chip";
import { hasEnded } from "../../../ui/state";
import { StateIcon } from "../../../ui/state-icon";
import { Ago, At } from "../../../ui/when";
import type { Condition } from "../api/queries";
import styles from "./condition-card.module.css";

const SHOWN = 6;

export function ConditionCard({ condition, run }: { condition: Condition; run: string }) {
  const { t } = useTranslation("waiting");
  const figure = useFigure(condition);
  return (
    <article className={styles.card}>
      <header className={styles.head}>
        <h3 className={styles.name}>{t(`name.${nameOf(condition)}`)}</h3>
        {figure ? <b className={styles.figure}>{figure}</b> : null}
      </header>
      <Details condition={condition} />
      {condition.above.length > 0 ? <Above condition={condition} run={run} /> : null}
      {condition.holders.length > 0 ? <Holders condition={condition} /> : null}
    </article>
  );
}

type Name = "run" | "upstream" | "retry" | "queue" | "pool" | "key" | "dag_tasks" | "worker" | "turn";
const NAMES: readonly Name[] = ["run", "upstream", "retry", "queue", "pool", "key", "dag_tasks", "worker", "turn"];

function nameOf(condition: Condition): Name {
  return NAMES.find((name) => name === condition.name) ?? "turn";
}

/** `4/4` and the like. */
function useFigure({ name, why, above }: Condition): string {
  const { i18n, t } = useTranslation("waiting");
  const values = why.values;
  const shown = (key: string) => number(i18n.language, Number(values[key] ?? 0));
  if (name === "pool") return `${shown("used")}/${shown("slots")}`;
  if (name === "key" || name === "dag_tasks") return `${shown("used")}/${shown("limit")}`;
  if (name === "run" && why.code === "run_waits_runs") return `${shown("active")}/${shown("limit")}`;
  if (name === "worker") return t("busy", { n: Number(values.busy ?? 0) });
  if (name === "upstream")
    return `${number(i18n.language, above.filter((one) => hasEnded(one.state)).length)}/${shown("of")}`;
  return "";
}

function Details({ condition }: { condition: Condition }) {
  const { t, i18n } = useTranslation("waiting");
  const { why, left_s: left, ahead, name } = condition;
  const { at, served_at: served, queue } = why.values;
  const parts = [
    typeof at === "number" ? <At key="at" at={new Date(at * 1000).toISOString()} /> : null,
    left !== null && left > 0 ? t("left", { length: roughly(i18n.language, left) }) : null,
    name === "pool" && ahead ? t("ahead", { n: ahead, shown: number(i18n.language, ahead) }) : null,
    typeof queue === "string" && typeof served !== "number" ? t("neverServed") : null,
    typeof served === "number" ? (
      <span key="served">
        {t("served")} <Ago at={new Date(served * 1000).toISOString()} />
      </span>
    ) : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  return (
    <ul className={styles.details}>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts are fixed
        <li key={at}>{part}</li>
      ))}
    </ul>
  );
}

function Holders({ condition }: { condition: Condition }) {
  const { t, i18n } = useTranslation("waiting");
  const [all, setAll] = useState(false);
  const shown = all ? condition.holders : condition.holders.slice(0, SHOWN);
  const more = condition.holders_total - shown.length;
  return (
    <>
      <h4 className={styles.sub}>{t("holders")}</h4>
      <ul className={styles.rows}>
        {shown.map((holder) => (
          <HolderRow key={`${holder.run_id}/${holder.task_id}`} holder={holder} kind="holds" />
        ))}
      </ul>
      {more > 0 ? (
        <button type="button" className={styles.more} onClick={() => setAll(true)} disabled={all}>
          {t("more", { n: more, shown: number(i18n.language, more) })}
        </button>
      ) : null}
    </>
  );
}

function Above({ condition, run }: { condition: Condition; run: string }) {
  const { t, i18n } = useTranslation("waiting");
  const [all, setAll] = useState(false);
  const shown = all ? condition.above : condition.above.slice(0, SHOWN);
  const more = condition.above.length - shown.length;
  return (
    <>
      <ul className={styles.rows}>
        {shown.map((one) => (
          <li key={one.task_id} className={styles.above}>
            <StateIcon state={one.state} size={14} />
            <Link to="/runs/$run" params={{ run }} search={{ task: one.task_id }}>
              {breakable(one.task_id)}
            </Link>
            <span>
              {one.left_s ? t("left", { length: roughly(i18n.language, one.left_s) }) : null}
              {!one.left_s && one.since ? <Ago at={one.since} /> : null}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {t("more", { n: more, shown: number(i18n.language, more) })}
        </button>
      ) : null}
    </>
  );
}
