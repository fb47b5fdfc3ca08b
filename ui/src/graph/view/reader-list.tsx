/** The order of the tasks as a list for screen readers, beside the canvas that they cannot see. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import styles from "./reader-list.module.css";

export interface Spoken {
  key: string;
  line: string;
}

/** A longer list is nobody's way to find a task. */
const LINES_MAX = 300;

export const ReaderList = memo(function ReaderList({ label, lines }: { label: string; lines: readonly Spoken[] }) {
  const { t } = useTranslation("graph");
  return (
    <ol className={styles.list} aria-label={t("reader.list", { label })}>
      {lines.slice(0, LINES_MAX).map(({ key, line }) => (
        <li key={key}>{line}</li>
      ))}
      {lines.length > LINES_MAX ? <li>{t("reader.more", { n: lines.length - LINES_MAX })}</li> : null}
    </ol>
  );
});
