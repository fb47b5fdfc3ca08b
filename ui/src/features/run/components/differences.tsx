/** The rows of "What changed", each telling nothing when nothing of its kind changed. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { duration, number, percent } from "../../../time/format";
import { breakable } from "../../../ui/chip";
import { Ago } from "../../../ui/when";
import type { ResultChange, RunChanges } from "../model/types";
import styles from "./changes-card.module.css";
import { Value } from "./value";

export function Difference({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.difference}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const RESULTS_SHOWN = 3;
const VALUES_SHOWN = 3;

/** Values that only came or went are told when nothing else differs. */
function told(result: ResultChange): ResultChange {
  const both = result.values.filter((value) => value.old !== null && value.new !== null);
  return both.length > 0 ? { ...result, values: both } : result;
}

export function Results({ changes }: { changes: RunChanges }) {
  const { t } = useTranslation("run");
  return changes.results
    .slice(0, RESULTS_SHOWN)
    .map(told)
    .map((result) => (
      <Difference
        key={result.task_id}
        name={
          <>
            {t("changes.result")} <code className={styles.task}>{breakable(result.task_id)}</code>
          </>
        }
      >
        {result.values.slice(0, VALUES_SHOWN).map((value, at) => (
          <p key={value.name} className={at === 0 ? styles.lead : undefined}>
            <Value change={value} strong={at === 0} />
          </p>
        ))}
        {result.values.length > VALUES_SHOWN ? (
          <p className={styles.muted}>{t("changes.moreValues", { n: result.values.length - VALUES_SHOWN })}</p>
        ) : null}
        {result.checks_new.map((check) => (
          <p key={check.check}>
            {t(check.ok ? "changes.checkOk" : "changes.checkFailed", {
              check: check.check,
              detail: [check.detail, check.wanted && t("attempts.wanted", { what: check.wanted })]
                .filter(Boolean)
                .join(", "),
            })}
          </p>
        ))}
      </Difference>
    ));
}

export function Params({ changes }: { changes: RunChanges }) {
  const { t } = useTranslation("run");
  if (changes.params.length === 0) return null;
  return (
    <Difference name={t("changes.params")}>
      {changes.params.map((value) => (
        <p key={value.name}>
          <Value change={value} strong />
        </p>
      ))}
    </Difference>
  );
}

export function Settings({ changes }: { changes: RunChanges }) {
  const { t } = useTranslation("run");
  if (changes.settings.length === 0) return null;
  return (
    <Difference name={t("changes.settings")}>
      {changes.settings.map((setting) => (
        <p key={`${setting.kind} ${setting.name}`} className={styles.lead}>
          {t(`changes.kind.${setting.kind as "variable" | "connection" | "pool"}`)} <b>{breakable(setting.name)}</b>{" "}
          {t(setting.deleted ? "changes.deletedBy" : "changes.setBy", { actor: setting.actor })} <Ago at={setting.at} />
        </p>
      ))}
    </Difference>
  );
}

const PACKAGES_SHOWN = 6;

export function Environment({ changes }: { changes: RunChanges }) {
  const { t } = useTranslation("run");
  const change = changes.environment_change;
  if (!change) return null;
  return (
    <Difference name={t("changes.environment")}>
      {change.python ? (
        <p className={styles.lead}>
          <Value change={{ ...change.python, name: "Python" }} strong />
        </p>
      ) : null}
      {change.packages.slice(0, PACKAGES_SHOWN).map((value) => (
        <p key={value.name}>
          <Value change={value} strong />
        </p>
      ))}
      {change.packages.length > PACKAGES_SHOWN ? (
        <p className={styles.muted}>{t("changes.morePackages", { n: change.packages.length - PACKAGES_SHOWN })}</p>
      ) : null}
    </Difference>
  );
}

export function Times({ changes }: { changes: RunChanges }) {
  const { t, i18n } = useTranslation("run");
  const say = (seconds: number) => duration(i18n.language, seconds);
  return (
    <>
      {changes.waits.length > 0 ? (
        <Difference name={t("changes.waiting")}>
          {changes.waits.map((wait) => (
            <p key={wait.pool}>
              {wait.pool ? t("changes.pool", { pool: wait.pool }) : t("changes.workers")} {say(wait.old_s)} →{" "}
              <b>{say(wait.new_s)}</b>
              {wait.longest_task ? `, ${t("changes.most", { task: wait.longest_task })}` : ""}
            </p>
          ))}
        </Difference>
      ) : null}
      {changes.lengths.length > 0 ? (
        <Difference name={t("changes.lengths")}>
          {changes.lengths.slice(0, 4).map((one) => (
            <p key={one.task_id}>
              {breakable(one.task_id)} {say(one.old_s)} → <b>{say(one.new_s)}</b>
            </p>
          ))}
          {changes.lengths.length > 4 ? (
            <p className={styles.muted}>{t("changes.moreLengths", { n: changes.lengths.length - 4 })}</p>
          ) : null}
        </Difference>
      ) : null}
    </>
  );
}

type Same = "code" | "results" | "params" | "settings" | "environment" | "waiting" | "durations";

export function Same({ changes }: { changes: RunChanges }) {
  const { t, i18n } = useTranslation("run");
  if (changes.same.length === 0) return null;
  const words = changes.same.map((name) => {
    if (name === "environment" && changes.environment)
      return t("changes.same.environment", {
        python: changes.environment.python,
        n: changes.environment.packages,
        shown: number(i18n.language, changes.environment.packages),
      });
    if (name === "durations" && changes.length_spread)
      return t("changes.same.durationsWithin", { share: percent(i18n.language, changes.length_spread) });
    return t(`changes.same.${name as Exclude<Same, "environment">}`);
  });
  return (
    <Difference name={t("changes.theSame")}>
      <p className={styles.muted}>{words.join(" · ")}</p>
    </Difference>
  );
}
