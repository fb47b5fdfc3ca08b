/** The name of the month at an instant; January names its year. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

export function useMonthLabel(zone: string): (at: Date) => { key: string; label: string } {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const language = i18n.language === "en" ? "en-GB" : i18n.language;
    const month = new Intl.DateTimeFormat(language, { timeZone: zone, month: "short" });
    const withYear = new Intl.DateTimeFormat(language, { timeZone: zone, month: "short", year: "numeric" });
    const key = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit" });
    return (at) => {
      const found = key.format(at);
      return { key: found, label: (found.endsWith("-01") ? withYear : month).format(at).replace(" г.", "") };
    };
  }, [i18n.language, zone]);
}
