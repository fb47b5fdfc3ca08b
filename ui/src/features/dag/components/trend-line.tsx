/** One number over the runs. Arrow keys walk the runs that have it, Enter opens one. */
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { number } from "../../../time/format";
import { At } from "../../../ui/when";
import { digitsOf, spotAt, spotsOf } from "../model/trend";
import type { DagItem, Metric, Metrics } from "../model/types";
import { useChangeText } from "./change-text";
import styles from "./trend-line.module.css";
import { useWidth } from "./use-canvas";

const HEIGHT = 48;
const MARGIN = 5;

export function TrendLine({ dag, metric, runs }: { dag: DagItem; metric: Metric; runs: Metrics["runs"] }) {
  const { t, i18n } = useTranslation("dag");
  const navigate = useNavigate();
  const changeText = useChangeText();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [at, setAt] = useState<number | null>(null);
  const spots = useMemo(() => spotsOf(metric.values, width, HEIGHT, MARGIN), [metric.values, width]);
  const looked = at === null ? undefined : spots[at];
  const newest = spots.at(-1);
  const said = (value: number | null) => (value === null ? "–" : number(i18n.language, value, digitsOf(value)));
  const last = said(metric.last);
  const sincePrevious = changeText(metric.last, metric.previous);
  const sinceUsual = changeText(metric.last, metric.usual);
  const open = () => {
    const run = looked && runs.run_id[looked.place];
    if (run) void navigate({ to: "/runs/$run", params: { run }, search: { task: metric.task_id } });
  };
  const onMove = (event: PointerEvent) =>
    setAt(spotAt(spots, event.clientX - event.currentTarget.getBoundingClientRect().left));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") return open();
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(spots.length - 1, (at ?? spots.length) + by)));
  };
  return (
    <div className={styles.metric}>
      <span className={styles.task}>{metric.task_id}</span>
      <div className={styles.head}>
        <span className={styles.name} title={metric.name}>
          {metric.name}
        </span>
        <b className={styles.last}>{looked ? said(looked.value) : last}</b>
      </div>
      <div
        ref={frame}
        className={styles.frame}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the runs
        tabIndex={0}
        aria-label={t("trend.chart", {
          name: `${metric.task_id}, ${metric.name}`,
          n: spots.length,
          last,
          sincePrevious,
          sinceUsual,
        })}
        onPointerMove={onMove}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={onKey}
        onClick={open}
      >
        {width > 0 ? (
          <svg width={width} height={HEIGHT} aria-hidden="true" focusable="false">
            {spots.length > 1 ? (
              <polyline
                className={styles.line}
                points={spots.map((spot) => `${spot.x.toFixed(1)},${spot.y.toFixed(1)}`).join(" ")}
              />
            ) : null}
            {newest ? <circle className={styles.dot} cx={newest.x} cy={newest.y} r={3} /> : null}
            {looked ? <circle className={styles.looked} cx={looked.x} cy={looked.y} r={4.5} /> : null}
          </svg>
        ) : null}
      </div>
      <div className={styles.foot} role="status">
        {looked ? (
          <At at={new Date((runs.logical_at[looked.place] ?? 0) * 1000).toISOString()} zone={dag.tz} />
        ) : (
          <>
            <span>{t("trend.sincePrevious", { change: sincePrevious })}</span>
            <span>{t("trend.sinceUsual", { change: sinceUsual })}</span>
          </>
        )}
      </div>
    </div>
  );
}
