/** The hunk of a changed file, not the file: line numbers, what went, what came, and what differs inside of a line. */
import { useTranslation } from "react-i18next";
import { diffRows } from "../model/diff";
import type { FileChange } from "../model/types";
import styles from "./code-change.module.css";

const HUNKS_SHOWN = 2;

export function CodeChange({ file }: { file: FileChange }) {
  const { t } = useTranslation("run");
  const hunks = file.hunks.slice(0, HUNKS_SHOWN);
  const line = hunks[0] ? `:${firstChange(hunks[0])}` : "";
  return (
    <figure className={styles.file}>
      <figcaption className={styles.path}>
        {file.path}
        {line}
        {file.change === "edited" ? null : ` ${t(`changes.file.${file.change as "added" | "removed"}`)}`}
      </figcaption>
      {hunks.map((hunk) => (
        <pre key={`${hunk.old_start} ${hunk.new_start}`} className={styles.hunk}>
          {diffRows(hunk).map((row) => (
            <span key={row.key} className={styles.line} data-mark={row.mark}>
              <span aria-hidden="true" className={styles.sign}>
                {row.mark}
              </span>
              {row.mark === " " ? null : (
                <span className="visually-hidden">{t(row.mark === "+" ? "changes.added" : "changes.removed")} </span>
              )}
              {row.pieces.map((piece) => (piece.changed ? <mark key={piece.text}>{piece.text}</mark> : piece.text))}
              {"\n"}
            </span>
          ))}
        </pre>
      ))}
      {file.hunks.length > HUNKS_SHOWN || file.truncated ? (
        <p className={styles.more}>{t("changes.moreHunks", { n: Math.max(1, file.hunks.length - HUNKS_SHOWN) })}</p>
      ) : null}
    </figure>
  );
}

function firstChange(hunk: FileChange["hunks"][number]): number {
  return diffRows(hunk).find((row) => row.mark !== " ")?.n ?? hunk.new_start;
}
