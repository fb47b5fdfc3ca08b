/** What the marks of the Gantt mean: only those that are in it. */
import { useTranslation } from "react-i18next";
import type { Timeline } from "../model/timeline";
import styles from "./gantt.module.css";

type Mark = "success" | "failed" | "running" | "queued" | "retry" | "critical" | "slack";

export function GanttLegend({ timeline }: { timeline: Timeline }) {
  const { t } = useTranslation("run");
  return (
    <ul className={styles.legend} aria-hidden="true">
      {marksOf(timeline).map((mark) => (
        <li key={mark}>
          <span className={styles.sample} data-mark={mark} /> {t(`gantt.legend.${mark}`)}
        </li>
      ))}
    </ul>
  );
}

function marksOf(timeline: Timeline): Mark[] {
  const found = new Set<Mark>();
  for (const row of timeline.rows) {
    if (row.critical) found.add("critical");
    for (const bar of row.bars) {
      if (bar.kind !== "run") found.add(bar.kind);
      else if (bar.state === "success" || bar.state === "failed" || bar.state === "running") found.add(bar.state);
    }
  }
  const order: Mark[] = ["success", "failed", "running", "queued", "retry", "critical", "slack"];
  return order.filter((mark) => found.has(mark));
}
