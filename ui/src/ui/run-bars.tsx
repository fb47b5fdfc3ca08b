/** The last runs as a row of bars: height is the length, colour and shape the state. Reads as one sentence. */
import { useTranslation } from "react-i18next";
import type { RunBrief, RunState } from "../api/schema";
import { number } from "../time/format";
import styles from "./run-bars.module.css";

interface RunBarsProps {
  /** Newest last. */
  runs: readonly RunBrief[];
  /** How many bars there is room for; missing ones leave the space at the left. */
  slots?: number;
}

const BAR = 4;
const GAP = 2;
const HEIGHT = 24;
const LEAST = 4;

export function RunBars({ runs, slots = 30 }: RunBarsProps) {
  const { t, i18n } = useTranslation();
  const shown = runs.slice(-slots);
  const longest = Math.max(...shown.map((run) => run.duration_s ?? 0), 0.001);
  const start = slots - shown.length;
  const failed = shown.filter((run) => run.state === "failed").length;
  const spoken = `${t("count.runs", { n: shown.length, shown: number(i18n.language, shown.length) })}, ${t("state.failed")}: ${failed}`;
  return (
    <svg
      className={styles.bars}
      width={slots * (BAR + GAP) - GAP}
      height={HEIGHT}
      role="img"
      aria-label={spoken}
      focusable="false"
    >
      {shown.map((run, index) => (
        <Bar
          key={run.run_id}
          state={run.state}
          x={(start + index) * (BAR + GAP)}
          share={(run.duration_s ?? 0) / longest}
        />
      ))}
    </svg>
  );
}

function Bar({ state, x, share }: { state: RunState; x: number; share: number }) {
  const height = state === "queued" ? LEAST : Math.max(LEAST, Math.round(share * HEIGHT));
  const y = HEIGHT - height;
  return (
    <g data-state={state}>
      <rect x={x} y={y} width={BAR} height={height} rx={1} className={styles.bar} />
      {state === "success" ? <rect x={x} y={y} width={BAR} height={2} className={styles.edge} /> : null}
    </g>
  );
}
