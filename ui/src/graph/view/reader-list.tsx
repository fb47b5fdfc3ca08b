/** The order of the tasks as a list for screen readers, beside the canvas that they cannot see. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { PlacedNode } from "../model";
import type { NodeFace } from "../node-face";
import { spokenLine } from "../spoken";
import type { StreamRow } from "../stream-rows";
import styles from "./reader-list.module.css";

interface ReaderListProps {
  label: string;
  rows: readonly StreamRow[];
  faceFor: (node: PlacedNode) => NodeFace;
  unwrittenFor: (node: PlacedNode) => string;
}

/** A longer list is nobody's way to find a task. */
const LINES_MAX = 200;

export const ReaderList = memo(function ReaderList({ label, rows, faceFor, unwrittenFor }: ReaderListProps) {
  const { t } = useTranslation("graph");
  return (
    <ol className={styles.list} aria-label={t("reader.list", { label })}>
      {rows.slice(0, LINES_MAX).map(({ node }) => (
        <li key={node.key}>{spokenLine(faceFor(node), unwrittenFor(node))}</li>
      ))}
      {rows.length > LINES_MAX ? <li>{t("reader.more", { n: rows.length - LINES_MAX })}</li> : null}
    </ol>
  );
});
