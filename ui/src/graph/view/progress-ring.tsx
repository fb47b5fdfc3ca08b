/** How much of many is done; what failed is a part of the ring in its own colour. */
import type { Progress } from "../props";
import styles from "./progress-ring.module.css";

const RADIUS = 6.2;
const ROUND = 2 * Math.PI * RADIUS;

export function ProgressRing({ progress, size = 16 }: { progress: Progress; size?: number }) {
  const { done, total, failed = 0 } = progress;
  const length = (count: number) => (total > 0 ? (ROUND * Math.min(count, total)) / total : 0);
  return (
    <svg className={styles.ring} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <circle cx="8" cy="8" r={RADIUS} className={styles.rest} />
      <circle cx="8" cy="8" r={RADIUS} className={styles.done} strokeDasharray={`${length(done)} ${ROUND}`} />
      <circle cx="8" cy="8" r={RADIUS} className={styles.failed} strokeDasharray={`${length(failed)} ${ROUND}`} />
    </svg>
  );
}
