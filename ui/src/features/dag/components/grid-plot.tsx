/** The cells: one canvas for a year, names at its left, failures at its right, a card for the cell that is looked at. */
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useZone } from "../../../time/zone";
import { Length } from "../../../ui/when";
import { type Geometry, paint } from "../model/cells";
import { type Column, columnAt, columnsOf, monthMarks } from "../model/columns";
import type { DagItem, Grid } from "../model/types";
import { GridCardOfCell } from "./grid-cell-card";
import { GridNames } from "./grid-names";
import styles from "./grid-plot.module.css";
import { useCanvas, usePalette, useWidth } from "./use-canvas";
import { useMonthLabel } from "./use-month-label";

const ROW = 22;
const HEAD = 60;
const FOOT = 8;
const COLUMN_LEAST = 3;
const COLUMN_MOST = 24;
const ROWS_MAX = 60;
const MONTH_PX = 40;

/** The cell that is looked at; row -1 is the whole run. */
export interface Look {
  column: Column;
  row: number;
  byKey: boolean;
}

export function GridPlot({ grid, dag, usualS }: { grid: Grid; dag: DagItem; usualS: number | null }) {
  const { t } = useTranslation("dag");
  const navigate = useNavigate();
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const palette = usePalette();
  const [firstRow, setFirstRow] = useState(0);
  const [look, setLook] = useState<Look | null>(null);
  const labelOf = useMonthLabel(useZone(dag.tz));
  const shown = useMemo(() => columnsOf(grid, Math.max(1, Math.floor(width / COLUMN_LEAST))), [grid, width]);
  const column = Math.max(COLUMN_LEAST, Math.min(COLUMN_MOST, Math.floor(width / Math.max(1, shown.span))));
  const rows = Math.min(grid.tasks.length, ROWS_MAX);
  const height = HEAD + rows * ROW + FOOT;
  const marks = useMemo(
    () => monthMarks(grid, shown.columns, labelOf, Math.ceil(MONTH_PX / column)),
    [grid, shown.columns, labelOf, column],
  );
  const geometry = useMemo<Geometry>(
    () => ({ column, row: ROW, head: HEAD, foot: FOOT, width, rows, firstRow }),
    [column, width, rows, firstRow],
  );
  const draw = useCallback(
    (context: CanvasRenderingContext2D) =>
      paint(context, { grid, columns: shown.columns, marks, geometry, palette, usualS }),
    [grid, shown.columns, marks, geometry, palette, usualS],
  );
  const canvas = useCanvas(width, height, draw);

  const open = ({ column: at, row }: Look) => {
    const run = grid.runs.run_id[at.run];
    const task = grid.tasks[row]?.task_id;
    if (run) void navigate({ to: "/runs/$run", params: { run }, search: task ? { task } : {} });
  };
  const lookAt = (event: PointerEvent): Look | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const found = columnAt(shown.columns, (event.clientX - box.left) / column);
    const row = Math.floor((event.clientY - box.top - HEAD) / ROW);
    if (!found || row >= rows) return null;
    return { column: found, row: row < 0 ? -1 : firstRow + row, byKey: false };
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") return setLook(null);
    if (event.key === "Enter" && look) return open(look);
    const next = stepTo(look, event.key, shown.columns, grid.tasks.length);
    if (!next) return;
    event.preventDefault();
    if (next.row >= 0 && next.row < firstRow) setFirstRow(next.row);
    if (next.row >= firstRow + rows) setFirstRow(next.row - rows + 1);
    setLook(next);
  };
  const scrolls = grid.tasks.length > rows;
  return (
    <div className={styles.frame}>
      <div
        className={styles.scroll}
        data-scrolls={scrolls || undefined}
        style={{ "--height": `${height}px` } as React.CSSProperties}
        onScroll={(event) => {
          setFirstRow(Math.min(grid.tasks.length - rows, Math.round(event.currentTarget.scrollTop / ROW)));
          setLook(null);
        }}
      >
        <div className={styles.sheet}>
          <GridNames grid={grid} firstRow={firstRow} rows={rows} />
          <div
            ref={plot}
            className={styles.plot}
            role="application"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the cells
            tabIndex={0}
            aria-label={t("grid.plot", { tasks: grid.tasks.length, runs: shown.runs })}
            onKeyDown={onKey}
            onPointerMove={(event) => setLook(lookAt(event))}
            onPointerLeave={() => setLook(null)}
            onBlur={() => setLook(null)}
            onClick={() => look && open(look)}
          >
            <canvas ref={canvas} className={styles.canvas} style={{ width, height }} />
            {marks.map((mark) => (
              <span key={mark.at} className={styles.month} style={{ left: mark.at * column }} aria-hidden="true">
                {mark.label}
              </span>
            ))}
            {look ? <GridCardOfCell grid={grid} dag={dag} look={look} geometry={geometry} width={width} /> : null}
          </div>
          <div className={styles.right}>
            <span className={styles.usual}>{usualS === null ? "" : <Length seconds={usualS} />}</span>
            {grid.tasks.slice(firstRow, firstRow + rows).map((task) => (
              <span key={task.task_id} className={styles.count} data-failed={task.failures > 0}>
                {t("grid.failures", { n: task.failures })}
              </span>
            ))}
          </div>
        </div>
        {scrolls ? <div style={{ height: (grid.tasks.length - rows) * ROW }} /> : null}
      </div>
      {shown.runs < grid.runs.run_id.length ? (
        <p className={styles.fits}>{t("grid.fits", { n: shown.runs, total: grid.runs.run_id.length })}</p>
      ) : null}
    </div>
  );
}

/** Where an arrow leads; from nowhere to the newest run. */
function stepTo(look: Look | null, key: string, columns: readonly Column[], rows: number): Look | null {
  const last = columns.at(-1);
  if (!last || !key.startsWith("Arrow")) return null;
  if (!look) return { column: last, row: 0, byKey: true };
  const place = columns.indexOf(look.column);
  const by = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
  const down = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
  const column = columns[Math.max(0, Math.min(columns.length - 1, place + by))] ?? look.column;
  return { column, row: Math.max(-1, Math.min(rows - 1, look.row + down)), byKey: true };
}
