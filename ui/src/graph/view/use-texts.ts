/** The graph's words in the language of the page. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { GraphTexts } from "../node-face";

export function useTexts(): GraphTexts {
  const { t } = useTranslation("graph");
  const { t: words } = useTranslation();
  return useMemo(
    () => ({
      tasks: (n) => t("fold.tasks", { n }),
      parallel: (n) => t("fold.parallel", { n }),
      series: (n) => t("fold.series", { n }),
      pool: (pool, slots) => (slots === undefined ? t("fold.pool", { pool }) : t("fold.poolSlots", { pool, slots })),
      done: (done, total) => t("fold.done", { done, total }),
      failed: (n) => t("fold.failed", { n }),
      running: (n) => t("fold.running", { n }),
      dry: (n) => t("fold.dry", { n }),
      state: (state) => words(`state.${state}`),
      after: (list) => t("reader.after", { list }),
      before: (list) => t("reader.before", { list }),
      more: (n) => t("reader.more", { n }),
      critical: t("reader.critical"),
    }),
    [t, words],
  );
}
