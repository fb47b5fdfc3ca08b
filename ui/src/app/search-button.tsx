/** Opens the command palette. */
import { useTranslation } from "react-i18next";
import { KeyHint } from "../ui/key-hint";
import { setPalette } from "./palette-gate";
import styles from "./top-bar.module.css";

export function SearchButton() {
  const { t } = useTranslation("shell");
  return (
    <button
      type="button"
      className={styles.search}
      aria-label={`${t("search.placeholder")} Ctrl K`}
      onClick={() => setPalette(true)}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="m10.5 10.5 3.6 3.6" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      </svg>
      <span>{t("search.placeholder")}</span>
      <KeyHint>Ctrl K</KeyHint>
    </button>
  );
}
