/** All numbers of the results as a table: what the lines show, for who reads or hears it. */
import { useTranslation } from "react-i18next";
import { number } from "../../../time/format";
import { digitsOf } from "../model/trend";
import type { Metrics } from "../model/types";
import { useChangeText } from "./change-text";
import styles from "./slow-tasks.module.css";

export function TrendTable({ metrics }: { metrics: Metrics }) {
  const { t, i18n } = useTranslation("dag");
  const changeText = useChangeText();
  const said = (value: number | null) => (value === null ? "–" : number(i18n.language, value, digitsOf(value)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={t("trend.table")}>
      <table className={styles.table}>
        <thead>
          <tr>
            {(["number", "task", "last", "previous", "usual", "least", "most"] as const).map((name) => (
              <th key={name} scope="col">
                {t(`trend.column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {metrics.metrics.map((metric) => {
            const known = metric.values.filter((value) => value !== null);
            return (
              <tr key={`${metric.task_id} ${metric.name}`}>
                <th scope="row">{metric.name}</th>
                <td>{metric.task_id}</td>
                <td>{said(metric.last)}</td>
                <td>{changeText(metric.last, metric.previous)}</td>
                <td>{changeText(metric.last, metric.usual)}</td>
                <td>{said(known.length > 0 ? Math.min(...known) : null)}</td>
                <td>{said(known.length > 0 ? Math.max(...known) : null)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
