/** One thing that needs a person: what, since when, the one line to read, what else there is, and what to press. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { breakable } from "../../../ui/chip";
import { placeOf } from "../../../ui/place";
import { Price } from "../../../ui/price";
import { useSentenceText } from "../../../ui/sentence";
import { StateIcon } from "../../../ui/state-icon";
import { Ago } from "../../../ui/when";
import type { Need } from "../api/queries";
import type { Shown } from "../model/held-list";
import { addressOf, iconOf } from "../model/need";
import { MuteMenu } from "./mute-menu";
import styles from "./need-row.module.css";

export interface NeedActions {
  onRetry: (need: Need) => void;
  onMute: (need: Need, until: string | null) => void;
  onUndo: (need: Need) => void;
}

interface NeedRowProps extends NeedActions {
  need: Need;
  leaving: Shown["leaving"];
  isCurrent: boolean;
  isBusy: boolean;
  /** What an action of this row could not do. */
  problem: string | undefined;
  isFirst: boolean;
}

export const NeedRow = memo(function NeedRow(props: NeedRowProps) {
  const { need, leaving, isCurrent, isBusy, problem, isFirst, onRetry, onMute, onUndo } = props;
  const { t } = useTranslation("now");
  const name = useName(need);
  return (
    <li
      className={styles.row}
      data-kind={need.kind}
      data-leaving={leaving ?? undefined}
      aria-current={isCurrent || undefined}
    >
      <span className={styles.icon}>
        <StateIcon state={leaving === "well" ? "success" : iconOf(need)} />
      </span>
      <div className={styles.words}>
        <p className={styles.head}>
          <strong className={styles.name}>{breakable(name)}</strong>
          {need.times > 1 && need.kind === "failed" ? (
            <span className={styles.times}>{t("needs.times", { n: need.times })}</span>
          ) : null}
          <Since need={need} leaving={leaving} />
        </p>
        {leaving === null ? <Details need={need} /> : null}
        {problem ? (
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        ) : null}
      </div>
      <div className={styles.actions}>
        {leaving === "muted" ? (
          <Button variant="default" onClick={() => onUndo(need)}>
            {t("needs.undo")}
          </Button>
        ) : null}
        {leaving === null ? (
          <>
            {need.retry !== null ? (
              <Button
                variant={isFirst ? "filled" : "default"}
                loading={isBusy}
                onClick={() => onRetry(need)}
                aria-label={`${t("needs.retry")}: ${name}`}
              >
                {t("action.retry", { ns: "words" })}
              </Button>
            ) : null}
            <OpenLink need={need} label={name} />
            <MuteMenu
              label={name}
              canSucceed={need.kind !== "unserved_queue"}
              onMute={(until) => onMute(need, until)}
            />
          </>
        ) : null}
      </div>
    </li>
  );
});

function OpenLink({ need, label }: { need: Need; label: string }) {
  const { t } = useTranslation("now");
  const words = need.kind === "unserved_queue" ? t("needs.who") : t("action.open", { ns: "words" });
  return (
    <Link {...placeOf(addressOf(need))} className={styles.open} aria-label={`${words}: ${label}`}>
      {words}
    </Link>
  );
}

function Since({ need, leaving }: Shown) {
  const { t } = useTranslation("now");
  if (leaving !== null)
    return <span className={styles.since}>{t(leaving === "well" ? "needs.well" : "needs.isMuted")}</span>;
  if (need.retrying) return <span className={styles.running}>{t("needs.running")}</span>;
  return (
    <span className={styles.since}>
      {t(`needs.${need.kind}`)} {need.kind === "late" ? null : <Ago at={need.at} />}
    </span>
  );
}

function Details({ need }: { need: Need }) {
  const text = useSentenceText();
  const more = need.more.map((sentence) => text(sentence));
  return (
    <>
      <p className={styles.lead}>
        {text(need.lead)}
        {need.location && need.kind !== "import_error" ? (
          <span className={styles.location}> {need.location}</span>
        ) : null}
      </p>
      {more.length > 0 ? <p className={styles.more}>{more.join(". ")}</p> : null}
      {need.retry !== null ? (
        <p className={styles.price}>
          <Price tasks={need.retry.tasks} kept={need.retry.kept} aboutS={need.retry.about_s} />
        </p>
      ) : null}
    </>
  );
}

function useName(need: Need): string {
  const { t } = useTranslation("now");
  switch (need.kind) {
    case "lost_worker":
      return t("needs.worker", { task: `${need.dag_id ?? ""} · ${need.task_id ?? ""}` });
    case "unserved_queue":
      return t("needs.queue", { queue: need.name });
    case "import_error":
      return need.location || need.name;
    case "failed":
    case "late":
    case "trigger":
      return need.task_id ? `${need.name} · ${need.task_id}` : need.name;
  }
}
