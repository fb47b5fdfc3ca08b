/** The icon of a state or an alert: its shape alone tells it apart, the colour only helps. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, State } from "./state";
import styles from "./state-icon.module.css";

interface StateIconProps {
  state: State | Alert;
  /** CSS pixels. */
  size?: number;
  /** A word stands beside it: the icon itself says nothing to a screen reader. */
  mute?: boolean;
}

export function StateIcon({ state, size = 16, mute = false }: StateIconProps) {
  const { t } = useTranslation();
  const name = isAlert(state) ? t(`alert.${state}`) : t(`state.${state}`);
  return (
    <svg
      className={styles.icon}
      data-state={state}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      role={mute ? undefined : "img"}
      aria-hidden={mute || undefined}
      aria-label={mute ? undefined : name}
      focusable="false"
    >
      {shapeOf(state)}
    </svg>
  );
}

function isAlert(state: State | Alert): state is Alert {
  return state === "late" || state === "import_error" || state === "lost_worker";
}

function shapeOf(state: State | Alert): ReactNode {
  switch (state) {
    case "success":
      return (
        <>
          <circle cx="8" cy="8" r="7" className={styles.fill} />
          <path d="M4.7 8.3 7 10.5l4.3-4.8" className={styles.cut} />
        </>
      );
    case "failed":
      return (
        <>
          <path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" className={styles.fill} />
          <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" className={styles.cut} />
        </>
      );
    case "upstream_failed":
      return (
        <>
          <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z" className={styles.line} />
          <path d="M8 11.3V5M5.5 7.4 8 4.8l2.5 2.6" className={styles.line} />
        </>
      );
    case "running":
      return (
        <>
          <circle cx="8" cy="8" r="6.2" className={styles.ring} />
          <path d="M8 1.8A6.2 6.2 0 0 1 14.2 8" className={styles.arc} />
          <path d="M6.6 5.5v5L10.6 8z" className={styles.fill} />
        </>
      );
    case "queued":
      return (
        <>
          <circle cx="8" cy="8" r="6.3" className={styles.line} />
          <path d="M5.2 5.8h5.6M5.2 8h5.6M5.2 10.2h3.4" className={styles.line} />
        </>
      );
    case "scheduled":
      return (
        <>
          <circle cx="8" cy="8" r="6.3" className={styles.line} strokeDasharray="2 2" />
          <path d="M8 4.7V8l2.1 1.6" className={styles.line} />
        </>
      );
    case "up_for_retry":
      return (
        <>
          <rect x="1" y="1" width="14" height="14" rx="4" className={styles.fill} />
          <path d="M11.2 6.3A3.7 3.7 0 1 0 11.7 9m-.1-5.2v2.7H8.9" className={styles.cut} />
        </>
      );
    case "waiting":
      return (
        <>
          <path d="M8 .8 15.2 8 8 15.2.8 8z" className={styles.fill} />
          <path d="M6.5 5.7v4.6m3-4.6v4.6" className={styles.cut} />
        </>
      );
    case "skipped":
      return (
        <>
          <rect x="1" y="4" width="14" height="8" rx="4" className={styles.line} />
          <path d="m5.3 6.4 1.7 1.6-1.7 1.6m3.2-3.2L10.2 8 8.5 9.6" className={styles.line} />
        </>
      );
    case "cancelled":
      return (
        <>
          <circle cx="8" cy="8" r="6.3" className={styles.line} />
          <path d="m3.8 12.2 8.4-8.4" className={styles.line} />
        </>
      );
    case "late":
      return (
        <>
          <path d="M8 1.8 15 14H1z" className={styles.line} />
          <path d="M8 6.2v3.6m0 1.8v.2" className={styles.line} />
        </>
      );
    case "import_error":
      return (
        <>
          <path d="M3 1.2h6.2L13 5v9.8H3z" className={styles.line} />
          <path d="m6 7 4 4m0-4-4 4" className={styles.line} />
        </>
      );
    case "lost_worker":
      return (
        <>
          <rect x="1.2" y="2.2" width="13.6" height="9" rx="1.5" className={styles.line} />
          <path d="m6.2 4.9 3.6 3.6m0-3.6L6.2 8.5M5 14h6" className={styles.line} />
        </>
      );
  }
}
