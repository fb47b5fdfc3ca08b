/** The usual run in a line of facts, so that a stranger understands the DAG without reading the graph. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { duration, number, percent } from "../../../time/format";
import { Length } from "../../../ui/when";
import type { Usual } from "../model/types";
import styles from "./usual-facts.module.css";

export function UsualFacts({ usual }: { usual: Usual }) {
  const { t, i18n } = useTranslation("dag");
  const { faster, slowest } = usual;
  const widest = [...usual.parallel].sort((a, b) => b.tasks.length - a.tasks.length)[0];
  return (
    <dl className={styles.facts}>
      <Fact name={t("facts.whole")}>
        <Length seconds={usual.length_s} />
      </Fact>
      <Fact name={t("facts.order")}>{t("facts.steps", { n: usual.steps })}</Fact>
      <Fact name={t("facts.parallel")}>
        {widest ? t("facts.atOnce", { n: widest.tasks.length }) : t("facts.nothingAtOnce")}
        {usual.parallel.length > 1 ? t("facts.moreParts", { n: usual.parallel.length - 1 }) : ""}
      </Fact>
      {slowest ? (
        <Fact name={t("facts.slowest")}>
          {slowest}, {percent(i18n.language, usual.slowest_share)}
        </Fact>
      ) : null}
      {faster ? (
        <Fact name={t("facts.faster")} plain>
          {faster.next_task_id
            ? t("facts.shorten", {
                task: faster.task_id,
                saved: duration(i18n.language, faster.saved_s),
                next: faster.next_task_id,
              })
            : t("facts.shortenAll", { task: faster.task_id, saved: duration(i18n.language, faster.saved_s) })}
        </Fact>
      ) : null}
      {usual.basis === "last" ? (
        <Fact name={t("facts.known")} plain>
          {t("facts.fewRuns", { n: usual.good_runs, shown: number(i18n.language, usual.good_runs) })}
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ name, plain, children }: { name: string; plain?: boolean; children: ReactNode }) {
  return (
    <div className={plain ? styles.wide : styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
