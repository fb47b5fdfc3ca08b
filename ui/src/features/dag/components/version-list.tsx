/** The versions of a DAG, newest first: when each came, how many of the last runs used it, what it changed. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { At } from "../../../ui/when";
import type { DagItem, VersionUse } from "../model/types";
import styles from "./version-list.module.css";

interface VersionListProps {
  dag: DagItem;
  versions: readonly VersionUse[];
  shown: string;
  against: string | undefined;
  onShow: (bundle: string) => void;
  onDiff: (before: string, after: string) => void;
}

export function VersionList({ dag, versions, shown, against, onShow, onDiff }: VersionListProps) {
  const { t } = useTranslation("dag");
  return (
    <ol className={styles.list}>
      {versions.map((version, place) => {
        const older = versions[place + 1];
        return (
          <li key={version.bundle} className={styles.version} data-shown={version.bundle === shown || undefined}>
            <button
              type="button"
              className={styles.show}
              aria-pressed={version.bundle === shown && !against}
              onClick={() => onShow(version.bundle)}
            >
              <code>{version.bundle.slice(0, 7)}</code>
              {version.current ? <span className={styles.current}>{t("code.current")}</span> : null}
            </button>
            <span className={styles.since}>
              <At at={version.created_at} zone={dag.tz} />
            </span>
            <span className={styles.runs}>
              {version.runs > 0 ? t("code.runs", { n: version.runs }) : t("code.noRuns")}
              {version.first_run_at && version.last_run_at ? (
                <>
                  {": "}
                  <At at={version.first_run_at} zone={dag.tz} /> – <At at={version.last_run_at} zone={dag.tz} />
                </>
              ) : null}
            </span>
            {older ? (
              <Button
                variant="subtle"
                size="compact-xs"
                className={styles.diff ?? ""}
                aria-pressed={version.bundle === shown && against === older.bundle}
                onClick={() => onDiff(older.bundle, version.bundle)}
              >
                {t("code.changes")}
              </Button>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}
