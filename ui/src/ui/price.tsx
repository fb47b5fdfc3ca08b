/** What an action costs, said before the click: "Runs 3 tasks again and keeps 4 results · about 6 min". */
import { useTranslation } from "react-i18next";
import { roughly } from "../time/format";

interface PriceProps {
  tasks: number;
  kept: number;
  /** Seconds; null when there are too few good runs to say. */
  aboutS?: number | null | undefined;
}

export function usePrice(): (price: PriceProps) => string {
  const { t, i18n } = useTranslation();
  return ({ tasks, kept, aboutS }) =>
    aboutS === null || aboutS === undefined
      ? t("price.tasks", { tasks, kept })
      : t("price.tasksAbout", { tasks, kept, length: roughly(i18n.language, aboutS) });
}

export function Price(props: PriceProps) {
  return <>{usePrice()(props)}</>;
}
