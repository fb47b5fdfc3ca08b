/** The other language, one press away. */
import { useTranslation } from "react-i18next";
import { changeLanguage } from "../i18n/i18n";
import { setPreferences, usePreferences } from "../preferences/preferences";
import styles from "./top-bar.module.css";

export function LanguageSwitch() {
  const { t } = useTranslation("shell");
  const { language } = usePreferences();
  const other = language === "ru" ? "en" : "ru";
  const change = async () => {
    await changeLanguage(other);
    setPreferences({ language: other });
  };
  return (
    <button
      type="button"
      className={styles.tool}
      lang={other}
      aria-label={`${t("language.short")}: ${t("language.switch")}`}
      onClick={() => void change()}
    >
      {t("language.short")}
    </button>
  );
}
