/** The rows of runs in view; pages are asked for as they come near. New runs wait while the pointer rests on the list. */
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Run } from "../../../api/schema";
import { useKeys } from "../../../ui/use-keys";
import { arrived } from "../model/arrivals";
import { RunRow } from "./run-row";
import styles from "./run-table.module.css";

const ROW_PX = 34;
const ROW_TOUCH_PX = 44;
const AHEAD = 20;

interface RunTableProps {
  runs: readonly Run[];
  /** How many there are to be listed. */
  total: number;
  onEnd: () => void;
}

export function RunTable({ runs, total, onEnd }: RunTableProps) {
  const { t } = useTranslation("runs");
  const [still, setStill] = useState(false);
  const held = useHeldRuns(runs, still);
  const box = useRef<HTMLUListElement>(null);
  const rowPx = matchMedia("(max-width: 720px)").matches ? ROW_TOUCH_PX : ROW_PX;
  const count = Math.max(total - held.waiting, held.runs.length);
  const virtual = useWindowVirtualizer({
    count,
    estimateSize: () => rowPx,
    overscan: AHEAD,
    scrollMargin: box.current?.offsetTop ?? 0,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= held.runs.length - AHEAD && held.runs.length < count) onEnd();
  }, [last, held.runs.length, count, onEnd]);
  const current = useRowKeys(held.runs, (index) => virtual.scrollToIndex(index));
  return (
    <div className={styles.table}>
      <div className={styles.head} aria-hidden="true">
        <span className={styles.first}>{t("head.dag")}</span>
        <span className={styles.date}>{t("head.date")}</span>
        <span className={styles.by}>{t("head.by")}</span>
        <span>{t("head.started")}</span>
        <span className={styles.right}>{t("head.length")}</span>
        <span className={styles.tasks}>{t("head.tasks")}</span>
      </div>
      {held.waiting > 0 ? (
        <Button variant="subtle" fullWidth onClick={() => setStill(false)}>
          {t("new", { n: held.waiting })}
        </Button>
      ) : null}
      <ul
        ref={box}
        className={styles.rows}
        style={{ height: virtual.getTotalSize() }}
        onPointerEnter={(event) => setStill(event.pointerType === "mouse")}
        onPointerLeave={() => setStill(false)}
      >
        {shown.map((row) => {
          const run = held.runs[row.index];
          const style = { height: rowPx, transform: `translateY(${row.start - virtual.options.scrollMargin}px)` };
          if (!run) return <li key={row.key} className={styles.waiting} style={style} aria-busy="true" />;
          return <RunRow key={run.run_id} run={run} style={style} isCurrent={current === run.run_id} />;
        })}
      </ul>
    </div>
  );
}

/** The runs as they are shown: while the pointer rests on them, new ones only count. */
function useHeldRuns(runs: readonly Run[], still: boolean): { runs: readonly Run[]; waiting: number } {
  const [seen, setSeen] = useState(runs);
  const { shown, waiting } = arrived(seen, runs, still);
  useEffect(() => {
    if (!still) setSeen(runs);
  }, [runs, still]);
  return { runs: shown, waiting };
}

function useRowKeys(runs: readonly Run[], reveal: (index: number) => void): string | null {
  const navigate = useNavigate();
  const [current, setCurrent] = useState<string | null>(null);
  const index = runs.findIndex((run) => run.run_id === current);
  const move = (by: number) => {
    const next = Math.min(Math.max(index + by, 0), runs.length - 1);
    setCurrent(runs[next]?.run_id ?? null);
    reveal(next);
  };
  const down = () => move(1);
  const up = () => move(-1);
  const open = () => {
    const isElsewhere = document.activeElement?.matches("a, button, input, select") ?? false;
    if (current !== null && !isElsewhere) void navigate({ to: "/runs/$run", params: { run: current } });
  };
  useKeys({ KeyJ: down, KeyK: up });
  useKeys({ Enter: open }, { enabled: current !== null });
  return current;
}
