/** How many things need a person, beside "Now": asked for seldom, since every page shows it. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../api/client";
import { useLiveRefresh } from "../live/use-live";
import { number } from "../time/format";
import styles from "./needs-badge.module.css";

const KEY = ["now", "badge"] as const;
const CALM_MS = 5_000;

const needsQuery = queryOptions({
  queryKey: KEY,
  queryFn: () => unwrap(api.GET("/now", { params: { query: { limit: 1 } } })),
  select: (now) => now.needs_total,
});

export function NeedsBadge() {
  const { t, i18n } = useTranslation("shell");
  const { data: needs = 0 } = useQuery(needsQuery);
  useLiveRefresh(KEY, (event) => event.type === "run" || event.type === "dags", CALM_MS);
  if (needs === 0) return null;
  return (
    <span className={styles.badge} title={t("nav.needs", { n: needs })}>
      {number(i18n.language, needs)}
    </span>
  );
}
