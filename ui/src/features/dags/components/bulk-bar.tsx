/** What can be done to all chosen DAGs at once, with how many; it tells how far it is and what could not be done. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { number } from "../../../time/format";
import { Menu } from "../../../ui/menu";
import { dagKeys, muteDag, pause, trigger, unpause } from "../api/queries";
import { forAll, type Outcome } from "../model/bulk";
import styles from "./bulk-bar.module.css";

const HOUR_MS = 3_600_000;

export function BulkBar({ chosen, onClear }: { chosen: ReadonlySet<string>; onClear: () => void }) {
  const { t, i18n } = useTranslation("dags");
  const { outcome, isBusy, start } = useBulk(chosen);
  const [asks, setAsks] = useState(false);
  const n = number(i18n.language, chosen.size);
  if (chosen.size === 0 && outcome === null) return null;
  return (
    <section className={styles.bar} aria-label={t("bulk.label")}>
      <span className={styles.words} role="status">
        {outcome === null ||
        (outcome.done === outcome.total && chosen.size > 0 && !isBusy && outcome.failed.length === 0)
          ? t("bulk.chosen", { n: chosen.size })
          : null}
        {outcome !== null && isBusy ? t("bulk.progress", { done: outcome.done, total: outcome.total }) : null}
        {outcome !== null && outcome.failed.length > 0 ? (
          <span className={styles.failed}>
            {t("bulk.failed", { n: outcome.failed.length })}: {outcome.failed[0]?.why}
          </span>
        ) : null}
      </span>
      {asks ? (
        <span className={styles.asks}>
          {t("bulk.sure", { n: chosen.size })}
          <Button
            onClick={() => {
              setAsks(false);
              start(trigger);
            }}
          >
            {t("bulk.yes")}
          </Button>
          <Button variant="subtle" onClick={() => setAsks(false)}>
            {t("action.cancel", { ns: "words" })}
          </Button>
        </span>
      ) : (
        <span className={styles.actions}>
          <Button loading={isBusy} disabled={chosen.size === 0} onClick={() => setAsks(true)}>
            {t("bulk.trigger", { n })}
          </Button>
          <Button variant="default" disabled={isBusy || chosen.size === 0} onClick={() => start(pause)}>
            {t("bulk.pause", { n })}
          </Button>
          <Button variant="default" disabled={isBusy || chosen.size === 0} onClick={() => start(unpause)}>
            {t("bulk.unpause", { n })}
          </Button>
          <MuteMenu
            n={n}
            isBusy={isBusy || chosen.size === 0}
            onMute={(until) => start((id) => muteDag(id, until()))}
          />
          <Button variant="subtle" onClick={onClear}>
            {t("bulk.clear")}
          </Button>
        </span>
      )}
    </section>
  );
}

function MuteMenu({ n, isBusy, onMute }: { n: string; isBusy: boolean; onMute: (until: () => string | null) => void }) {
  const { t } = useTranslation("now");
  const words = useTranslation("dags");
  const after = (hours: number) => () => new Date(Date.now() + hours * HOUR_MS).toISOString();
  return (
    <Menu
      position="top-end"
      button={
        <Button variant="default" disabled={isBusy}>
          {words.t("bulk.mute", { n })}
        </Button>
      }
      entries={() => [
        { kind: "title", key: "until", words: t("needs.muteUntil") },
        { kind: "item", key: "success", words: t("needs.muteSuccess"), onClick: () => onMute(() => null) },
        { kind: "item", key: "hour", words: t("needs.muteHour"), onClick: () => onMute(after(1)) },
      ]}
    />
  );
}

function useBulk(chosen: ReadonlySet<string>) {
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [isBusy, setBusy] = useState(false);
  const start = async (work: (id: string) => Promise<unknown>) => {
    setBusy(true);
    setOutcome({ done: 0, total: chosen.size, failed: [] });
    const ended = await forAll([...chosen], work, (error) => asProblem(error).detail, setOutcome);
    setBusy(false);
    setOutcome(ended.failed.length > 0 ? ended : null);
    await client.invalidateQueries({ queryKey: dagKeys.all });
  };
  return { outcome, isBusy, start: (work: (id: string) => Promise<unknown>) => void start(work) };
}
