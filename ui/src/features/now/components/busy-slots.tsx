/** Slots in use against the limit, five minutes a bar. */
import { useTranslation } from "react-i18next";
import type { Timeline } from "../api/queries";
import { placeOf, type Scale } from "../model/scale";
import styles from "./busy-slots.module.css";

const HEIGHT = 32;

export function BusySlots({ timeline, scale, now }: { timeline: Timeline; scale: Scale; now: number }) {
  const { t } = useTranslation("now");
  const most = Math.max(timeline.slots, ...timeline.busy.map((bucket) => bucket.mean), 1);
  const path = timeline.busy
    .map((bucket) => {
      const start = Date.parse(bucket.at);
      const left = Math.max(placeOf(scale, start), 0) * 1000;
      const right = Math.min(placeOf(scale, Math.min(start + timeline.bucket_s * 1000, now)), 1) * 1000;
      const height = (bucket.mean / most) * HEIGHT;
      return right > left
        ? `M${left.toFixed(1)} ${HEIGHT}V${(HEIGHT - height).toFixed(1)}H${right.toFixed(1)}V${HEIGHT}Z`
        : "";
    })
    .join("");
  const peak = Math.max(0, ...timeline.busy.map((bucket) => bucket.peak));
  const limit = HEIGHT - (timeline.slots / most) * HEIGHT;
  return (
    <div className={styles.busy}>
      <span className={styles.name}>{t("tonight.slots", { n: timeline.slots })}</span>
      <svg
        className={styles.chart}
        viewBox={`0 0 1000 ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("tonight.busyLabel", { peak, n: timeline.slots })}
        focusable="false"
      >
        <path d={path} className={styles.area} />
        <path d={`M0 ${limit + 0.5}H1000`} className={styles.limit} vectorEffect="non-scaling-stroke" />
      </svg>
    </div>
  );
}
