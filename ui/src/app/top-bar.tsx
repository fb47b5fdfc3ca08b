/** Mark, sections, search, time zone, language and theme. */
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "./language-switch";
import { Mark } from "./mark";
import { NeedsBadge } from "./needs-badge";
import { SearchButton } from "./search-button";
import { isCurrent, SECTIONS } from "./sections";
import { ThemeMenu } from "./theme-menu";
import styles from "./top-bar.module.css";
import { ZoneMenu } from "./zone-menu";

export function TopBar() {
  const { t } = useTranslation("shell");
  const pathname = useLocation({ select: (location) => location.pathname });
  return (
    <header className={styles.bar}>
      <div className={styles.inner}>
        <Link to="/" className={styles.logo}>
          <Mark />
          Potok
        </Link>
        <nav className={styles.nav} aria-label={t("nav.label")}>
          {SECTIONS.map(({ key, to }) => (
            <Link
              key={key}
              to={to}
              className={styles.section}
              aria-current={isCurrent(to, pathname) ? "page" : undefined}
            >
              {t(`nav.${key}`)}
              {key === "now" ? <NeedsBadge /> : null}
            </Link>
          ))}
        </nav>
        <div className={styles.tools}>
          <SearchButton />
          <ZoneMenu />
          <LanguageSwitch />
          <ThemeMenu />
        </div>
      </div>
    </header>
  );
}
