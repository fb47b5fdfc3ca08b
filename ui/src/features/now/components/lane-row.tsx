/** One DAG in the timeline: its name, its runs as bars, the planned ones as outlines. */
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { clock, duration, roughly } from "../../../time/format";
import { useZone } from "../../../time/zone";
import { breakable } from "../../../ui/chip";
import type { Lane } from "../api/queries";
import { type Bar, type Label, shapeOf } from "../model/lane";
import type { Scale } from "../model/scale";
import styles from "./lane-row.module.css";

interface LaneRowProps {
  lane: Lane;
  scale: Scale;
  now: number;
}

export const LaneRow = memo(function LaneRow({ lane, scale, now }: LaneRowProps) {
  const { bars, good, planned, label } = shapeOf(lane, scale, now);
  return (
    <li className={styles.lane}>
      <Link
        to="/dags/$dag"
        params={{ dag: lane.dag_id }}
        className={styles.name}
        title={lane.dag_id}
        data-needs={lane.needs_you || undefined}
      >
        {breakable(lane.dag_id)}
      </Link>
      <div className={styles.track}>
        <Spoken lane={lane} />
        {good.length > 0 ? <Ticks bars={good} look="success" /> : null}
        {planned.length > 0 ? <Ticks bars={planned} look="planned" /> : null}
        {bars.map((bar) => (
          <BarMark key={bar.key} bar={bar} lane={lane} />
        ))}
        {label ? <LabelText label={label} /> : null}
      </div>
    </li>
  );
});

function BarMark({ bar, lane }: { bar: Bar; lane: Lane }) {
  const { t, i18n } = useTranslation("now");
  const zone = useZone();
  const left = `${(bar.left * 100).toFixed(3)}%`;
  const width = `${(bar.width * 100).toFixed(3)}%`;
  const run = bar.isPressed ? lane.runs.find((one) => one.run_id === bar.runId) : undefined;
  const mark = <span className={styles.bar} data-look={bar.look} style={{ left, width }} />;
  if (!run) return mark;
  const words = t("tonight.run", {
    state: t(`state.${run.state}`, { ns: "words" }),
    clock: clock(i18n.language, new Date(run.started_at), zone),
  });
  return (
    <>
      {mark}
      <Link
        to="/runs/$run"
        params={{ run: run.run_id }}
        className={styles.press}
        style={{ left, width }}
        title={words}
        aria-label={`${lane.dag_id}: ${words}`}
      />
    </>
  );
}

function Ticks({ bars, look }: { bars: readonly Bar[]; look: "success" | "planned" }) {
  const path = bars.map((bar) => `M${(bar.left * 1000).toFixed(2)} 0V1`).join("");
  return (
    <svg
      className={styles.ticks}
      data-look={look}
      viewBox="0 0 1000 1"
      preserveAspectRatio="none"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

function LabelText({ label }: { label: Label }) {
  const { t, i18n } = useTranslation("now");
  const zone = useZone();
  const words = {
    failed: () => t("tonight.label.failed", { task: label.task ?? "" }),
    expected: () => t("tonight.label.expected", { clock: clock(i18n.language, new Date(label.value), zone) }),
    previous: () => t("tonight.label.previous"),
    took: () => t("tonight.label.took", { length: duration(i18n.language, label.value) }),
    about: () => t("tonight.label.about", { length: roughly(i18n.language, label.value) }),
  }[label.kind]();
  return (
    <span className={styles.label} style={{ left: `calc(${(label.at * 100).toFixed(3)}% + 8px)` }}>
      {words}
    </span>
  );
}

/** What the bars say, for readers of the page. */
function Spoken({ lane }: { lane: Lane }) {
  const { t, i18n } = useTranslation("now");
  const zone = useZone();
  const first = lane.planned[0];
  return (
    <span className="visually-hidden">
      {t("tonight.spoken", {
        dag: lane.dag_id,
        runs: lane.runs.length + lane.left_off,
        failed: lane.runs.filter((run) => run.state === "failed").length,
        next: first ? clock(i18n.language, new Date(first.at), zone) : "none",
      })}
    </span>
  );
}
