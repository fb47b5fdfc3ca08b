/** All runs of the DAG, newest first: only the rows in sight are drawn, the next page comes as one nears the end. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Run, RunState } from "../../../api/schema";
import { number } from "../../../time/format";
import { Card } from "../../../ui/card";
import { Choices } from "../../../ui/choices";
import { Empty, Failure, Loading, NoMatch } from "../../../ui/panel-states";
import { StateIcon } from "../../../ui/state-icon";
import { Ago, At, Length } from "../../../ui/when";
import { runsQuery } from "../api/queries";
import { useSearchKey } from "../api/use-search";
import type { DagItem } from "../model/types";
import styles from "./run-list.module.css";

const ROW = 36;
const NEAR_END = 20;
const STATES = ["all", "failed", "running", "queued", "success", "cancelled"] as const;

export function RunList({ dag }: { dag: DagItem }) {
  const { t, i18n } = useTranslation("dag");
  const [asked, ask] = useSearchKey("state");
  const state = STATES.find((one) => one === asked) ?? "all";
  const runs = useInfiniteQuery(runsQuery(dag.dag_id, state === "all" ? undefined : (state as RunState)));
  const rows = useMemo(() => runs.data?.pages.flatMap((page) => page.items) ?? [], [runs.data]);
  const total = runs.data?.pages[0]?.total;
  return (
    <Card
      flush
      title={t("runs.title")}
      note={
        typeof total === "number"
          ? t("runs.shown", {
              n: total,
              shown: number(i18n.language, rows.length),
              total: number(i18n.language, total),
            })
          : null
      }
      tools={
        <Choices
          label={t("runs.choice")}
          choices={STATES.map((one) => ({ value: one, label: t(one === "all" ? "runs.all" : `run.${one}`) }))}
          value={state}
          onChange={(value) => ask(value === "all" ? undefined : value)}
        />
      }
    >
      {runs.isPending ? <Loading what={t("what.runs")} height={10 * ROW} /> : null}
      {runs.isError && rows.length === 0 ? (
        <Failure error={runs.error} what={t("what.runs")} onRetry={() => void runs.refetch()} />
      ) : null}
      {runs.data && rows.length === 0 ? (
        state === "all" ? (
          <Empty>{t("grid.noRuns")}</Empty>
        ) : (
          <NoMatch onClear={() => ask(undefined)} />
        )
      ) : null}
      {rows.length > 0 ? (
        <Rows
          rows={rows}
          dag={dag}
          onNearEnd={() => {
            if (runs.hasNextPage && !runs.isFetchingNextPage) void runs.fetchNextPage();
          }}
        />
      ) : null}
    </Card>
  );
}

function Rows({ rows, dag, onNearEnd }: { rows: readonly Run[]; dag: DagItem; onNearEnd: () => void }) {
  const { t } = useTranslation("dag");
  const list = useRef<HTMLOListElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW,
    overscan: 10,
    scrollMargin: offset,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - NEAR_END) onNearEnd();
  });
  const longest = Math.max(...rows.map((run) => run.duration_s ?? 0), 0.001);
  return (
    <ol ref={list} className={styles.list} style={{ height: virtual.getTotalSize() }} aria-label={t("runs.title")}>
      {shown.map((item) => {
        const run = rows[item.index];
        return run ? (
          <li key={run.run_id} className={styles.item} style={{ transform: `translateY(${item.start - offset}px)` }}>
            <RunRow run={run} dag={dag} longest={longest} />
          </li>
        ) : null;
      })}
    </ol>
  );
}

function RunRow({ run, dag, longest }: { run: Run; dag: DagItem; longest: number }) {
  const { t } = useTranslation("dag");
  const share = ((run.duration_s ?? 0) / longest) * 100;
  const active = run.state === "running";
  const bad = run.counts.failed;
  return (
    <Link to="/runs/$run" params={{ run: run.run_id }} className={styles.row}>
      <StateIcon state={run.state} />
      <b className={styles.when}>
        <At at={run.logical_date} zone={dag.tz} />
      </b>
      <span className={styles.length}>
        <span className={styles.track} aria-hidden="true">
          <span style={{ width: `${share}%` }} data-state={run.state} />
        </span>
        <Length seconds={run.duration_s} since={active ? run.started_at : null} />
      </span>
      <span className={styles.tasks} data-bad={bad > 0 || undefined}>
        {bad > 0
          ? t("runs.failedOf", { n: bad, of: run.counts.total })
          : t("runs.doneOf", { n: run.counts.success, of: run.counts.total })}
      </span>
      <span className={styles.by} title={run.note || undefined}>
        {run.note || t(`trigger.by.${run.trigger}`)}
        {run.triggered_by && (run.trigger === "api" || run.trigger === "manual") && !run.note
          ? `, ${run.triggered_by}`
          : ""}
      </span>
      <span className={styles.ago}>
        <Ago at={run.ended_at ?? run.started_at ?? run.created_at} zone={dag.tz} />
      </span>
    </Link>
  );
}
