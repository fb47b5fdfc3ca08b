/** One task of the Gantt: its name chooses it, its bars tell where its time went. */
import { type CSSProperties, memo } from "react";
import { useTranslation } from "react-i18next";
import { duration } from "../../../time/format";
import { StateIcon } from "../../../ui/state-icon";
import type { Bar, TimelineRow } from "../model/timeline";
import styles from "./gantt.module.css";

interface GanttRowProps {
  row: TimelineRow;
  lengthS: number;
  top: number;
  height: number;
  chosen: boolean;
  onTask: (task: string) => void;
}

/** A bar of at least this share of the axis has room for its own length inside. */
const INSIDE = 0.09;

export const GanttRow = memo(function GanttRow({ row, lengthS, top, height, chosen, onTask }: GanttRowProps) {
  const { t, i18n } = useTranslation("run");
  const ran = row.bars.filter((bar) => bar.kind === "run");
  const total = ran.reduce((sum, bar) => sum + bar.lengthS, 0);
  return (
    <div className={styles.row} style={{ top, height }} data-chosen={chosen || undefined}>
      <button type="button" className={styles.name} aria-pressed={chosen} onClick={() => onTask(row.task)}>
        <StateIcon state={row.state} size={14} />
        <span className={styles.task} title={row.task}>
          {row.task}
        </span>
        {total > 0 ? <span className="visually-hidden">{duration(i18n.language, total)}</span> : null}
      </button>
      <div className={styles.track} aria-hidden="true">
        {row.bars.map((bar) => (
          <BarPart key={`${bar.kind} ${bar.from} ${bar.attempt}`} bar={bar} row={row} lengthS={lengthS} />
        ))}
        {row.didNotRunAt !== null ? (
          <span
            className={styles.never}
            data-late={row.didNotRunAt / lengthS > 0.8 || undefined}
            style={{ left: `${(row.didNotRunAt / lengthS) * 100}%` }}
          >
            {t(row.state === "upstream_failed" ? "gantt.didNotRun" : `gantt.${row.state as "skipped" | "cancelled"}`)}
          </span>
        ) : null}
      </div>
    </div>
  );
});

function BarPart({ bar, row, lengthS }: { bar: Bar; row: TimelineRow; lengthS: number }) {
  const { t, i18n } = useTranslation("run");
  const share = (bar.to - bar.from) / lengthS;
  const style: CSSProperties = { left: `${(bar.from / lengthS) * 100}%`, width: `${share * 100}%` };
  const length = duration(i18n.language, bar.lengthS);
  const isLast = row.bars.filter((one) => one.kind === "run").at(-1) === bar;
  const inside = share >= INSIDE;
  const after = !inside && isLast && row.slackS === 0 && bar.to / lengthS < 0.9;
  if (bar.kind !== "run") {
    const words = bar.kind === "slack" ? t("gantt.slackOf", { length }) : t(`gantt.${bar.kind}For`, { length });
    return (
      <span className={styles.wait} data-kind={bar.kind} style={style} title={words}>
        {share >= 0.14 || (bar.kind === "slack" && share >= 0.05) ? (
          <span className={styles.words}>{words}</span>
        ) : null}
      </span>
    );
  }
  return (
    <span
      className={styles.bar}
      data-state={bar.state}
      data-critical={row.critical || undefined}
      style={style}
      title={length}
    >
      {bar.state === "failed" ? <Cross /> : inside ? <span className={styles.inside}>{length}</span> : null}
      {after ? <span className={styles.after}>{length}</span> : null}
    </span>
  );
}

function Cross() {
  return (
    <svg className={styles.cross} width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      <path d="m1.5 1.5 7 7m0-7-7 7" />
    </svg>
  );
}
