/** The lines of a log as one list of any length: only what is in view is drawn. */
import { type Ref, useEffect, useImperativeHandle, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { HitMap, type HitMapProps } from "./hit-map";
import styles from "./log-list.module.css";
import { LogRow, type RowLook } from "./log-row";
import type { LogRows } from "./log-rows";
import { useViewport } from "./use-viewport";

const USUAL = 19;

export interface LogListHandle {
  showLine: (line: number) => void;
  showRow: (row: number) => void;
  showEnd: () => void;
  focus: () => void;
}

interface LogListProps extends RowLook, HitMapProps {
  rows: LogRows;
  wrap: boolean;
  chosen: number | undefined;
  hitLines: ReadonlySet<number>;
  following: boolean;
  onLeaveEnd: () => void;
  handle: Ref<LogListHandle>;
}

export function LogList({ rows, wrap, chosen, hitLines, following, onLeaveEnd, handle, ...look }: LogListProps) {
  const { t } = useTranslation("logs");
  const heightKey = useMemo(() => `${wrap} ${rows.place.task ?? ""} ${rows.level}`, [wrap, rows]);
  const { box, list, view, hold, scrolled } = useViewport(rows.total, USUAL, heightKey, onLeaveEnd);
  useImperativeHandle(
    handle,
    () => ({
      showLine: (line) => void rows.rowOf(line).then((row) => hold({ kind: "row", row })),
      showRow: (row) => hold({ kind: "row", row }),
      showEnd: () => hold({ kind: "end" }),
      focus: () => box.current?.focus({ preventScroll: true }),
    }),
    [rows, hold, box],
  );
  useEffect(() => rows.need(view.first, view.last), [rows, view.first, view.last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves whenever rows come
  useEffect(() => {
    if (following) hold({ kind: "end" });
  }, [following, hold, rows.total]);
  const shown = [];
  for (let row = view.first; row <= view.last && row < rows.total; row += 1) {
    const line = rows.row(row);
    shown.push(
      <LogRow
        key={row}
        row={row}
        line={line}
        isChosen={line !== undefined && line.n > 0 && line.n === chosen}
        isHit={line !== undefined && hitLines.has(line.n)}
        startMs={look.startMs}
        find={look.find}
        showTask={look.showTask}
        onLine={look.onLine}
      />,
    );
  }
  return (
    <div className={styles.frame}>
      <section
        ref={box}
        className={styles.box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        aria-label={t("lines")}
        onScroll={scrolled}
        data-wrap={wrap}
      >
        <div className={styles.space} style={{ height: view.space }}>
          <div ref={list} className={styles.list} style={{ transform: `translateY(${view.shift}px)` }}>
            {shown}
          </div>
        </div>
      </section>
      <HitMap hits={look.hits} errors={look.errors} onPart={look.onPart} />
    </div>
  );
}
