/** The sections at the bottom of a phone. A page that needs the place for its action puts its own bar there. */
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import styles from "./phone-tabs.module.css";
import { isCurrent, SECTIONS } from "./sections";

export function PhoneTabs() {
  const { t } = useTranslation("shell");
  const pathname = useLocation({ select: (location) => location.pathname });
  return (
    <nav className={styles.tabs} aria-label={t("nav.label")}>
      {SECTIONS.map(({ key, to }) => (
        <Link key={key} to={to} className={styles.tab} aria-current={isCurrent(to, pathname) ? "page" : undefined}>
          <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" focusable="false">
            <path d={ICONS[key]} className={styles.icon} />
          </svg>
          {t(`nav.${key}`)}
        </Link>
      ))}
    </nav>
  );
}

const ICONS = {
  now: "M3 12h4l2.5-7 4 13 2.5-6h3",
  dags: "M3 5h6v5H3zM13 12h6v5h-6zM9 7.5h3.5a2 2 0 0 1 2 2V12",
  runs: "M3 6h9M3 11h14M3 16h6",
  workers: "M4 4h5v5H4zM13 4h5v5h-5zM4 13h5v5H4zM13 13h5v5h-5z",
} as const;
