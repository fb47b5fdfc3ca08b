/** The rows: only those in view are there, the next page is asked for before its rows are reached. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import type { DagItem } from "../../../api/schema";
import { Empty, Failure, Loading, NoMatch } from "../../../ui/panel-states";
import { useKeys } from "../../../ui/use-keys";
import { dagKeys, dagsQuery, type Filters, pause, unpause } from "../api/queries";
import { BARS } from "../model/asked";
import type { Selection } from "../model/row";
import { DagRow } from "./dag-row";
import styles from "./dag-table.module.css";

const ROW_PX = 44;
const AHEAD = 12;
/** Rows drawn out of sight: few, for they are drawn before the first one is seen. */
const OVERSCAN = 4;

interface DagTableProps {
  filters: Filters;
  selection: Selection;
  onChoose: (ids: readonly string[], dagId: string, toAnchor: boolean) => void;
  onClear: () => void;
}

export function DagTable({ filters, selection, onChoose, onClear }: DagTableProps) {
  const { t } = useTranslation("dags");
  const list = useInfiniteQuery(dagsQuery(filters));
  const dags = list.data?.pages.flatMap((page) => page.items) ?? [];
  const switching = usePauseSwitch();
  if (list.isPending) return <Loading what={t("what")} height={ROW_PX * 12} />;
  if (list.isError && dags.length === 0) {
    return <Failure error={list.error} what={t("what")} onRetry={() => void list.refetch()} />;
  }
  if (dags.length === 0) {
    const isFiltered = Boolean(filters.q || filters.tag || filters.owner || filters.state);
    return isFiltered ? <NoMatch q={filters.q} onClear={onClear} /> : <Empty>{t("empty")}</Empty>;
  }
  return (
    <>
      {switching.problem ? (
        <p className={styles.problem} role="alert">
          {switching.problem}
        </p>
      ) : null}
      <Rows
        dags={dags}
        total={list.data?.pages[0]?.total ?? dags.length}
        selection={selection}
        busy={switching.busy}
        onChoose={onChoose}
        onPause={switching.toggle}
        onEnd={() => {
          if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
        }}
      />
    </>
  );
}

interface RowsProps {
  dags: readonly DagItem[];
  total: number;
  selection: Selection;
  busy: string | null;
  onChoose: DagTableProps["onChoose"];
  onPause: (dag: DagItem) => void;
  onEnd: () => void;
}

function Rows({ dags, total, selection, busy, onChoose, onPause, onEnd }: RowsProps) {
  const { t } = useTranslation("dags");
  const box = useRef<HTMLUListElement>(null);
  const virtual = useWindowVirtualizer({
    count: total,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: box.current?.offsetTop ?? 0,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= dags.length - AHEAD && dags.length < total) onEnd();
  }, [last, dags.length, total, onEnd]);
  const ids = dags.map((dag) => dag.dag_id);
  const { current } = useRowKeys(
    dags,
    (id) => onChoose(ids, id, false),
    (index) => virtual.scrollToIndex(index),
  );
  return (
    <div className={styles.table}>
      <div className={styles.head} aria-hidden="true">
        <span className={styles.first}>{t("head.name")}</span>
        <span className={styles.bars}>{t("head.runs", { n: BARS })}</span>
        <span className={styles.usual}>{t("head.usual")}</span>
        <span>{t("head.next")}</span>
        <span className={styles.on}>{t("head.on")}</span>
      </div>
      <ul ref={box} className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {shown.map((row) => {
          const dag = dags[row.index];
          const style = { height: ROW_PX, transform: `translateY(${row.start - virtual.options.scrollMargin}px)` };
          if (!dag) return <li key={row.key} className={styles.waiting} style={style} aria-busy="true" />;
          return (
            <DagRow
              key={dag.dag_id}
              dag={dag}
              style={style}
              isChosen={selection.chosen.has(dag.dag_id)}
              isCurrent={current === dag.dag_id}
              isBusy={busy === dag.dag_id}
              onChoose={(id, toAnchor) => onChoose(ids, id, toAnchor)}
              onPause={onPause}
            />
          );
        })}
      </ul>
    </div>
  );
}

function useRowKeys(dags: readonly DagItem[], choose: (id: string) => void, reveal: (index: number) => void) {
  const navigate = useNavigate();
  const [current, setCurrent] = useState<string | null>(null);
  const index = dags.findIndex((dag) => dag.dag_id === current);
  const move = (by: number) => {
    const next = Math.min(Math.max(index + by, 0), dags.length - 1);
    setCurrent(dags[next]?.dag_id ?? null);
    reveal(next);
  };
  const down = () => move(1);
  const up = () => move(-1);
  const select = () => current !== null && choose(current);
  const open = () => {
    const isElsewhere = document.activeElement?.matches("a, button, input, select") ?? false;
    if (current !== null && !isElsewhere) void navigate({ to: "/dags/$dag", params: { dag: current } });
  };
  useKeys({ KeyJ: down, KeyK: up, KeyX: select });
  useKeys({ Enter: open }, { enabled: current !== null });
  return { current };
}

function usePauseSwitch() {
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const toggle = async (dag: DagItem) => {
    setBusy(dag.dag_id);
    setProblem(null);
    try {
      await (dag.paused ? unpause(dag.dag_id) : pause(dag.dag_id));
    } catch (error) {
      setProblem(asProblem(error).detail);
    } finally {
      await client.invalidateQueries({ queryKey: dagKeys.all });
      setBusy(null);
    }
  };
  return { busy, problem, toggle: (dag: DagItem) => void toggle(dag) };
}
