/** The grid in words: for each task how often it went which way, and the run in which it last failed. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { number } from "../../../time/format";
import { At } from "../../../ui/when";
import type { DagItem, Grid } from "../model/types";
import styles from "./grid-table.module.css";

const ROWS_MAX = 500;

export function GridTable({ grid, dag }: { grid: Grid; dag: DagItem }) {
  const { t } = useTranslation("dag");
  const [opened, setOpened] = useState(false);
  return (
    <details className={styles.details} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{t("grid.asTable")}</summary>
      {opened ? <Table grid={grid} dag={dag} /> : null}
    </details>
  );
}

function Table({ grid, dag }: { grid: Grid; dag: DagItem }) {
  const { t, i18n } = useTranslation("dag");
  const count = (row: number, letter: string) =>
    number(i18n.language, grid.runs.letters.filter((letters) => letters[row] === letter).length);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t("grid.task")}</th>
          <th scope="col">{t("letter.success")}</th>
          <th scope="col">{t("letter.retried")}</th>
          <th scope="col">{t("letter.failed")}</th>
          <th scope="col">{t("letter.upstream_failed")}</th>
          <th scope="col">{t("letter.skipped")}</th>
          <th scope="col">{t("grid.lastFailed")}</th>
        </tr>
      </thead>
      <tbody>
        {grid.tasks.slice(0, ROWS_MAX).map((task, row) => (
          <tr key={task.task_id}>
            <th scope="row">{task.task_id}</th>
            <td>{count(row, "S")}</td>
            <td>{count(row, "R")}</td>
            <td>{count(row, "F")}</td>
            <td>{count(row, "U")}</td>
            <td>{count(row, "K")}</td>
            <td>
              <LastFailed grid={grid} dag={dag} row={row} task={task.task_id} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LastFailed({ grid, dag, row, task }: { grid: Grid; dag: DagItem; row: number; task: string }) {
  const { t } = useTranslation("dag");
  const place = grid.runs.letters.findLastIndex((letters) => letters[row] === "F");
  const run = grid.runs.run_id[place];
  if (!run) return <>{t("grid.never")}</>;
  return (
    <Link to="/runs/$run" params={{ run }} search={{ task }}>
      <At at={new Date((grid.runs.logical_at[place] ?? 0) * 1000).toISOString()} zone={dag.tz} />
    </Link>
  );
}
