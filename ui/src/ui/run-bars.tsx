/** The last runs as a row of bars: height is the length, colour and shape the state. Reads as one sentence. */
import { useTranslation } from "react-i18next";
import type { RunBar, RunState } from "../api/schema";
import { number } from "../time/format";
import styles from "./run-bars.module.css";

interface RunBarsProps {
  /** Newest last. */
  runs: readonly RunBar[];
  /** How many bars there is room for; missing ones leave the space at the left. */
  slots?: number;
}

const BAR = 4;
const GAP = 2;
const HEIGHT = 24;
const LEAST = 4;
const STEP = BAR + GAP;
const STATES: readonly RunState[] = ["success", "failed", "running", "queued", "cancelled"];

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
      width={slots * STEP - GAP}
      height={HEIGHT}
      role="img"
      aria-label={spoken}
      focusable="false"
    >
      {STATES.map((state) => {
        const path = shown.map((run, at) =>
          run.state === state ? bar((start + at) * STEP, heightOf(run, longest)) : "",
        );
        return path.some(Boolean) ? (
          <path key={state} data-state={state} className={styles.bar} d={path.join("")} />
        ) : null;
      })}
      <path
        className={styles.edge}
        d={shown
          .map((run, at) => (run.state === "success" ? edge((start + at) * STEP, heightOf(run, longest)) : ""))
          .join("")}
      />
    </svg>
  );
}

function heightOf(run: RunBar, longest: number): number {
  if (run.state === "queued") return LEAST;
  return Math.max(LEAST, Math.round(((run.duration_s ?? 0) / longest) * HEIGHT));
}

/** A bar with round corners, as a piece of a path: a list has a thousand of them, and elements cost more than pieces. */
function bar(x: number, height: number): string {
  const [across, down] = [BAR - 2, height - 2];
  return `M${x} ${HEIGHT - height + 1}a1 1 0 0 1 1-1h${across}a1 1 0 0 1 1 1v${down}a1 1 0 0 1-1 1h-${across}a1 1 0 0 1-1-1z`;
}

/** Its top, so that good runs are known by their shape as well. */
function edge(x: number, height: number): string {
  return `M${x} ${HEIGHT - height}h${BAR}v2h-${BAR}z`;
}
