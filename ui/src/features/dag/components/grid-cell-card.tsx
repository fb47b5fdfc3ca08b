/** The cell that is looked at: when, what became of the task, on which try, and its last error line. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { day as dayText, duration } from "../../../time/format";
import { useZone } from "../../../time/zone";
import { At } from "../../../ui/when";
import { cellQuery } from "../api/queries";
import { type Geometry, stateOfLetter } from "../model/cells";
import type { DagItem, Grid, Pause } from "../model/types";
import styles from "./grid-cell-card.module.css";
import type { Look } from "./grid-plot";

const WIDTH = 300;
const LOOKED_MS = 120;
const TRIED = new Set(["F", "R"]);

interface CellCardProps {
  grid: Grid;
  dag: DagItem;
  look: Look;
  geometry: Geometry;
  width: number;
}

export function GridCardOfCell({ grid, dag, look, geometry, width }: CellCardProps) {
  const middle = (look.column.at + look.column.span / 2) * geometry.column;
  const left = Math.max(0, Math.min(width - WIDTH, middle - WIDTH / 2));
  const row = Math.max(0, look.row - geometry.firstRow);
  const top = look.row < 0 ? geometry.head : geometry.head + (row + 1) * geometry.row + 4;
  const mark = {
    left: look.column.at * geometry.column - 1,
    top: look.row < 0 ? 0 : geometry.head + row * geometry.row,
    width: look.column.span * geometry.column,
    height: look.row < 0 ? geometry.head - 6 : geometry.row,
  };
  return (
    <>
      <span className={styles.mark} style={mark} aria-hidden="true" />
      <div className={styles.card} style={{ left, top, width: Math.min(WIDTH, width) }} role="status">
        {look.column.run < 0 ? <Gap grid={grid} dag={dag} look={look} /> : <Cell grid={grid} dag={dag} look={look} />}
      </div>
    </>
  );
}

function Cell({ grid, dag, look }: { grid: Grid; dag: DagItem; look: Look }) {
  const { t, i18n } = useTranslation("dag");
  const { runs } = grid;
  const run = runs.run_id[look.column.run] ?? "";
  const task = grid.tasks[look.row]?.task_id;
  const letter = runs.letters[look.column.run]?.[look.row];
  const length = runs.duration_s[look.column.run];
  const state = runs.state[look.column.run] ?? "success";
  const known = stateOfLetter(letter);
  const at = new Date((runs.logical_at[look.column.run] ?? 0) * 1000).toISOString();
  return (
    <>
      <p className={styles.when}>
        <At at={at} zone={dag.tz} />
      </p>
      {task === undefined ? (
        <p>
          {t(`run.${state}`)}
          {typeof length === "number" ? `, ${duration(i18n.language, length)}` : ""}
        </p>
      ) : known ? (
        <TaskLine run={run} task={task} letter={letter ?? ""} />
      ) : (
        <p>{t("grid.noSuchTask", { task })}</p>
      )}
    </>
  );
}

function TaskLine({ run, task, letter }: { run: string; task: string; letter: string }) {
  const { t } = useTranslation("dag");
  const state = stateOfLetter(letter) ?? "scheduled";
  const looked = useLooked(`${run} ${task}`);
  const attempts = useQuery(cellQuery(run, task, looked && TRIED.has(letter))).data?.items;
  const last = attempts?.at(-1);
  const error = attempts?.findLast((one) => one.error)?.error;
  const words = t(letter === "R" ? "letter.retried" : `letter.${state}`);
  return (
    <>
      <p>
        <b data-state={state} className={styles.state}>
          {task} {words}
        </b>
        {last && last.try_number > 1 ? ` ${t("grid.onTry", { n: last.try_number })}` : ""}
      </p>
      {error ? (
        <p className={styles.error}>
          {error.kind}: {error.message.split("\n")[0]}
        </p>
      ) : null}
    </>
  );
}

/** Whether the same cell has been looked at for a moment: a pointer on its way asks for nothing. */
function useLooked(cell: string): boolean {
  const [looked, setLooked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setLooked(cell), LOOKED_MS);
    return () => clearTimeout(timer);
  }, [cell]);
  return looked === cell;
}

function Gap({ grid, dag, look }: { grid: Grid; dag: DagItem; look: Look }) {
  const { t, i18n } = useTranslation("dag");
  const zone = useZone(dag.tz);
  const { from, until } = gapOf(grid, look);
  const pause = grid.pauses.find((one) => overlaps(one, from, until));
  const day = (at: number) => dayText(i18n.language, new Date(at), zone, new Date());
  return (
    <>
      <p className={styles.when}>{t("grid.noRunBetween", { from: day(from), until: day(until) })}</p>
      <p>
        {pause
          ? t(pause.note ? "grid.pausedNote" : "grid.paused", {
              by: pause.by,
              note: pause.note,
              from: day(Date.parse(pause.since)),
              until: pause.until ? day(Date.parse(pause.until)) : t("grid.today"),
            })
          : t("grid.noneDue")}
      </p>
    </>
  );
}

/** The runs at both sides of a gap. */
function gapOf(grid: Grid, look: Look): { from: number; until: number } {
  const after = look.column.next ?? 0;
  return {
    from: (grid.runs.logical_at[after - 1] ?? 0) * 1000,
    until: (grid.runs.logical_at[after] ?? 0) * 1000,
  };
}

function overlaps(pause: Pause, from: number, until: number): boolean {
  return Date.parse(pause.since) < until && (pause.until === null || Date.parse(pause.until) > from);
}
