/** Which tasks take the time: median and spread of each over the last good runs, the slowest first. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { duration, percent } from "../../../time/format";
import { Card } from "../../../ui/card";
import { usualQuery } from "../api/queries";
import type { DagItem } from "../model/types";
import styles from "./slow-tasks.module.css";

const SHOWN = 100;

export function SlowTasks({ dag }: { dag: DagItem }) {
  const { t, i18n } = useTranslation("dag");
  const usual = useQuery(usualQuery(dag.dag_id)).data;
  const tasks = usual?.tasks.filter((task) => typeof task.median_s === "number") ?? [];
  if (!usual || tasks.length === 0) return null;
  const slowest = [...tasks].sort((a, b) => (b.median_s ?? 0) - (a.median_s ?? 0)).slice(0, SHOWN);
  const length = (seconds: number | null) => (seconds === null ? "–" : duration(i18n.language, seconds));
  return (
    <Card
      flush
      title={t("durations.tasks")}
      note={t(usual.basis === "usual" ? "usual.basis" : "usual.fewRuns", { n: usual.good_runs })}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={t("durations.each")}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("grid.task")}</th>
              <th scope="col">{t("durations.median")}</th>
              <th scope="col">{t("durations.most")}</th>
              <th scope="col">{t("durations.share")}</th>
              <th scope="col">{t("durations.decides")}</th>
            </tr>
          </thead>
          <tbody>
            {slowest.map((task) => (
              <tr key={task.task_id}>
                <th scope="row">{task.task_id}</th>
                <td>{length(task.median_s)}</td>
                <td>
                  {length(task.p10_s)} – {length(task.p90_s)}
                </td>
                <td>
                  <span className={styles.track} aria-hidden="true">
                    <span style={{ width: `${task.share * 100}%` }} data-critical={task.critical || undefined} />
                  </span>
                  {percent(i18n.language, task.share)}
                </td>
                <td>{task.critical ? t("usual.critical") : ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
