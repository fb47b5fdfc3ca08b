/** By how much a number is more or less: `+12 (+1.6 %)`. It never says whether that is good. */
import { useTranslation } from "react-i18next";
import { number, percent } from "../../../time/format";
import { changeOf, digitsOf } from "../model/trend";

export function useChangeText(): (value: number | null, before: number | null) => string {
  const { t, i18n } = useTranslation("dag");
  return (value, before) => {
    const change = changeOf(value, before);
    if (change === null) return "–";
    if (change.way === "same") return t("trend.same");
    const sign = change.way === "up" ? "+" : "−";
    const by = `${sign}${number(i18n.language, change.by, digitsOf(change.by))}`;
    return change.share === null ? by : `${by} (${sign}${percent(i18n.language, change.share, 1)})`;
  };
}
