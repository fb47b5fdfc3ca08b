/** Workers, queues and pools: what is dead, full or unserved first. */
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLiveRefresh } from "../../live/use-live";
import { number } from "../../time/format";
import { Headline, Page } from "../../ui/page";
import { Empty, Failure, Loading } from "../../ui/panel-states";
import { type Occupancy, occupancyQuery } from "./api/queries";
import { PoolCard } from "./components/pool-card";
import { QueueTable } from "./components/queue-table";
import { WorkerTable } from "./components/worker-table";
import { isFull, isUnserved, orderedPools, TABS, type Tab, tabOf, verdictOf } from "./model/order";
import styles from "./workers-page.module.css";

export default function WorkersPage() {
  const { t } = useTranslation("workers");
  const search: Record<string, string | undefined> = useSearch({ strict: false });
  const tab = tabOf(search.tab);
  const occupancy = useQuery(occupancyQuery);
  useLiveRefresh(occupancyQuery.queryKey, (event) => event.type === "task" || event.type === "run");
  const sentence = useSentence(occupancy.data);
  return (
    <Page title={sentence}>
      <Headline>{sentence}</Headline>
      <Tabs found={occupancy.data} />
      {occupancy.isError && !occupancy.data ? (
        <Failure error={occupancy.error} what={t("what")} onRetry={() => void occupancy.refetch()} />
      ) : occupancy.data ? (
        <Shown tab={tab} found={occupancy.data} />
      ) : (
        <Loading what={t("what")} height={420} />
      )}
    </Page>
  );
}

function Shown({ tab, found }: { tab: Tab; found: Occupancy }) {
  const { t } = useTranslation("workers");
  if (tab === "queues") return <QueueTable queues={found.queues} />;
  if (tab === "workers") return <WorkerTable found={found} />;
  if (found.pools.length === 0) return <Empty>{t("pool.empty")}</Empty>;
  return (
    <div className={styles.pools}>
      {orderedPools(found.pools).map((pool) => (
        <PoolCard key={pool.name} pool={pool} />
      ))}
    </div>
  );
}

function Tabs({ found }: { found: Occupancy | undefined }) {
  const { t, i18n } = useTranslation("workers");
  const counts: Record<Tab, number | undefined> = {
    workers: found?.workers.length,
    queues: found?.queues.length,
    pools: found?.pools.length,
  };
  const alerts: Record<Tab, number> = {
    workers: 0,
    queues: found?.queues.filter(isUnserved).length ?? 0,
    pools: found?.pools.filter(isFull).length ?? 0,
  };
  return (
    <nav className={styles.tabs} aria-label={t("tabs.label")}>
      {TABS.map((one) => (
        <Link
          key={one}
          to="/workers"
          search={{ tab: one === "workers" ? undefined : one }}
          className={styles.tab}
          activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
          replace
        >
          {t(`tabs.${one}`)}
          <span className={styles.count}>{counts[one] === undefined ? "" : number(i18n.language, counts[one])}</span>
          {alerts[one] > 0 ? (
            <span className={styles.alert}>
              {one === "queues" ? t("queue.alert", { n: alerts[one] }) : t("pool.alert", { n: alerts[one] })}
            </span>
          ) : null}
        </Link>
      ))}
    </nav>
  );
}

function useSentence(found: Occupancy | undefined): string {
  const { t, i18n } = useTranslation("workers");
  if (!found) return t("title");
  const verdict = verdictOf(found);
  const used = number(i18n.language, found.slots - found.free);
  switch (verdict.kind) {
    case "unserved":
      return t("headline.unserved", { n: verdict.n, queue: verdict.queue, tasks: verdict.tasks });
    case "full":
      return t("headline.full", { n: verdict.n, pool: verdict.pool, tasks: verdict.tasks });
    case "busy":
      return t("headline.busy", { slots: found.slots, tasks: verdict.tasks });
    case "some":
      return t("headline.some", { used, slots: found.slots, tasks: verdict.tasks });
    case "none":
      return t("headline.none");
    case "calm":
      return t("headline.calm", { used, slots: found.slots });
  }
}
