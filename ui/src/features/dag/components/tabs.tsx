/** The tabs of a DAG: each is an address. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import styles from "./tabs.module.css";

export const TABS = ["overview", "runs", "calendar", "durations", "schedule", "code", "trigger"] as const;
export type Tab = (typeof TABS)[number];

// The address of the overview is the beginning of all the others.
const EXACT = { exact: true, includeSearch: false };

export function tabOf(asked: string | undefined): Tab {
  return TABS.find((tab) => tab === asked) ?? "overview";
}

export function DagTabs({ dag, tab }: { dag: string; tab: Tab }) {
  const { t } = useTranslation("dag");
  return (
    <nav className={styles.tabs} aria-label={t("tab.label")}>
      {TABS.map((one) =>
        one === "overview" ? (
          <Link
            key={one}
            to="/dags/$dag"
            params={{ dag }}
            className={styles.tab}
            activeOptions={EXACT}
            aria-current={mark(one, tab)}
          >
            {t(`tab.${one}`)}
          </Link>
        ) : (
          <Link
            key={one}
            to="/dags/$dag/$tab"
            params={{ dag, tab: one }}
            className={styles.tab}
            activeOptions={EXACT}
            aria-current={mark(one, tab)}
          >
            {t(`tab.${one}`)}
          </Link>
        ),
      )}
    </nav>
  );
}

function mark(one: Tab, tab: Tab): "page" | undefined {
  return one === tab ? "page" : undefined;
}
