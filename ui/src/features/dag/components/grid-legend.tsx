/** What the cells of the grid look like, in words. */
import { useTranslation } from "react-i18next";
import styles from "./grid-legend.module.css";

const SHOWN = ["success", "failed", "upstream_failed", "retried", "skipped"] as const;

export function GridLegend() {
  const { t } = useTranslation("dag");
  return (
    <ul className={styles.legend} aria-label={t("grid.legend")}>
      {SHOWN.map((one) => (
        <li key={one}>
          <span className={styles.sign} data-sign={one} aria-hidden="true" />
          {t(`letter.${one}`)}
        </li>
      ))}
    </ul>
  );
}
