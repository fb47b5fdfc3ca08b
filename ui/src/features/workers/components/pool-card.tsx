/** A pool: its slots, who holds them, who waits, and another size with its price. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { number } from "../../../time/format";
import { HolderRow } from "../../../ui/capacity/holder-row";
import { PoolForm } from "../../../ui/capacity/pool-form";
import { Card } from "../../../ui/card";
import { breakable } from "../../../ui/chip";
import { Ago } from "../../../ui/when";
import type { PoolState } from "../api/queries";
import { isFull } from "../model/order";
import styles from "./pool-card.module.css";
import { SlotSquares } from "./slot-squares";

const SHOWN = 8;

export function PoolCard({ pool }: { pool: PoolState }) {
  const { t } = useTranslation("workers");
  const [changing, setChanging] = useState(false);
  return (
    <Card
      title={breakable(pool.name)}
      note={pool.description || t(pool.source === "config" ? "pool.config" : "pool.user")}
      tools={
        <Button
          variant="default"
          size="compact-sm"
          fw={400}
          aria-expanded={changing}
          onClick={() => setChanging(!changing)}
        >
          {changing ? t("pool.close") : t("pool.change")}
        </Button>
      }
    >
      <div className={styles.facts}>
        <b className={styles.use} data-full={isFull(pool) || undefined}>
          {pool.used}/{pool.slots}
        </b>
        {isFull(pool) ? <span className={styles.full}>{t("pool.full")}</span> : null}
        <Waits pool={pool} />
      </div>
      <SlotSquares label={t("slots.list")} holders={pool.holders} used={pool.used} slots={pool.slots} />
      {changing ? (
        <div className={styles.change}>
          <PoolForm key={`${pool.slots}`} name={pool.name} slots={pool.slots} onDone={() => setChanging(false)} />
        </div>
      ) : null}
      <div className={styles.lists}>
        <Rows title={t("pool.holders")} holders={pool.holders} total={pool.holders.length} kind="holds" />
        <Rows title={t("pool.waiters")} holders={pool.waiters} total={pool.queued} kind="waits" />
      </div>
    </Card>
  );
}

function Waits({ pool }: { pool: PoolState }) {
  const { t, i18n } = useTranslation("workers");
  if (pool.queued === 0) return <span className={styles.quiet}>{t("pool.nobody")}</span>;
  return (
    <span>
      {t("pool.waits", { n: pool.queued, shown: number(i18n.language, pool.queued) })}
      {pool.queued_since ? (
        <>
          , {t("pool.oldest")} <Ago at={pool.queued_since} />
        </>
      ) : null}
    </span>
  );
}

interface RowsProps {
  title: string;
  holders: PoolState["holders"];
  total: number;
  kind: "holds" | "waits";
}

function Rows({ title, holders, total, kind }: RowsProps) {
  const { t, i18n } = useTranslation("capacity");
  const [all, setAll] = useState(false);
  if (holders.length === 0) return null;
  const shown = all ? holders : holders.slice(0, SHOWN);
  const more = total - shown.length;
  return (
    <section aria-label={title}>
      <h3 className={styles.sub}>{title}</h3>
      <ul className={styles.rows}>
        {shown.map((holder) => (
          <HolderRow key={`${holder.run_id}/${holder.task_id}`} holder={holder} kind={kind} />
        ))}
      </ul>
      {more > 0 ? (
        <button type="button" className={styles.more} disabled={all} onClick={() => setAll(true)}>
          {t("more", { n: more, shown: number(i18n.language, more) })}
        </button>
      ) : null}
    </section>
  );
}
