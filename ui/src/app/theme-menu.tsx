/** Light, dark, or as the system. */
import { useTranslation } from "react-i18next";
import { setPreferences, type Theme, usePreferences } from "../preferences/preferences";
import { Menu } from "../ui/menu";
import styles from "./top-bar.module.css";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function ThemeMenu() {
  const { t } = useTranslation("shell");
  const { theme } = usePreferences();
  return (
    <Menu
      button={
        <button type="button" className={styles.tool} aria-label={t("theme.label")}>
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
            <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
          </svg>
        </button>
      }
      entries={() =>
        THEMES.map((one) => ({
          kind: "item",
          key: one,
          words: t(`theme.${one}`),
          chosen: one === theme,
          onClick: () => setPreferences({ theme: one }),
        }))
      }
    />
  );
}
