/** One line of health: scheduler, store, workers, each a link to where more of it is told; then the time here. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { bytes, clock, day, duration, number } from "../../../time/format";
import { useNowOf } from "../../../time/now";
import { useZone, zoneLabel } from "../../../time/zone";
import { StateIcon } from "../../../ui/state-icon";
import type { Now } from "../api/queries";
import styles from "./pulse.module.css";

/** A loop that is later than this is felt. */
const LAG_FELT_S = 0.25;

export function Pulse({ pulse }: { pulse: Now["pulse"] }) {
  const { t, i18n } = useTranslation("now");
  const language = i18n.language;
  const keepsUp = pulse.lag_s < LAG_FELT_S;
  const step = duration(language, pulse.commit_ms / 1000);
  return (
    <ul className={styles.line} aria-label={t("pulse.label")}>
      <Item good={keepsUp} to="/workers">
        {keepsUp ? t("pulse.keepsUp", { commit: step }) : t("pulse.lags", { lag: duration(language, pulse.lag_s) })}
      </Item>
      <Item good>{t("pulse.store", { size: bytes(language, pulse.store_bytes) })}</Item>
      <Item good={pulse.slots > 0} to="/workers">
        {pulse.slots > 0
          ? t("pulse.workers", { n: pulse.workers, shown: number(language, pulse.workers) })
          : t("pulse.noSlots")}
      </Item>
      <Clock />
    </ul>
  );
}

function Item({ good, to, children }: { good: boolean; to?: string; children: ReactNode }) {
  return (
    <li className={styles.item}>
      <StateIcon state={good ? "success" : "late"} size={14} />
      {to ? (
        <Link to={to} className={styles.link}>
          {children}
        </Link>
      ) : (
        children
      )}
    </li>
  );
}

function Clock() {
  const { i18n } = useTranslation();
  const zone = useZone();
  const words = useNowOf((ms) => {
    const now = new Date(ms);
    return `${clock(i18n.language, now, zone)} ${zoneLabel(zone, now, i18n.language)}, ${day(i18n.language, now, zone, now)}`;
  });
  return <li className={styles.clock}>{words}</li>;
}
