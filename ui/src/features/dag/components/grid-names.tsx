/** The rows of the grid by name. */
import { useTranslation } from "react-i18next";
import type { Grid } from "../model/types";
import styles from "./grid-plot.module.css";

export function GridNames({ grid, firstRow, rows }: { grid: Grid; firstRow: number; rows: number }) {
  const { t } = useTranslation("dag");
  return (
    <div className={styles.names}>
      <span className={styles.length}>{t("grid.length")}</span>
      {grid.tasks.slice(firstRow, firstRow + rows).map((task) => (
        <span
          key={task.task_id}
          className={styles.name}
          data-gone={!task.present || undefined}
          title={task.present ? task.task_id : t("grid.gone", { task: task.task_id })}
        >
          {task.task_id}
        </span>
      ))}
    </div>
  );
}
