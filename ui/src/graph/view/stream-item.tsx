/** One row of the phone stream, with its piece of the rail. */
import { memo } from "react";
import type { NodeFace } from "../node-face";
import type { StreamRow } from "../stream-rows";
import { NodeIcon } from "./node-card";
import styles from "./stream-item.module.css";

interface StreamItemProps {
  row: StreamRow;
  face: NodeFace;
  /** What a screen reader says beside what is written. */
  unwritten: string;
  critical: boolean;
  selected: boolean;
  onPress: () => void;
}

const ICON = 18;

export const StreamItem = memo(function StreamItem({
  row,
  face,
  unwritten,
  critical,
  selected,
  onPress,
}: StreamItemProps) {
  const fold = row.node.kind !== "task";
  return (
    <li className={styles.row} data-indent={row.indent || undefined}>
      <span className={styles.above} data-rail={row.above} />
      <span className={styles.below} data-rail={row.below} />
      {row.indent ? <span className={styles.branch} data-rail={row.branch} /> : null}
      <button
        type="button"
        className={styles.press}
        data-state={face.state}
        data-selected={selected || undefined}
        data-critical={critical || undefined}
        aria-current={selected || undefined}
        aria-expanded={fold ? false : undefined}
        onClick={onPress}
      >
        <span className={styles.icon}>{face.state ? <NodeIcon face={face} size={ICON} /> : <Dot />}</span>
        <span className={styles.title}>{face.title}</span>
        {face.badge ? <span className={styles.badge}>{face.badge}</span> : null}
        <span className={styles.detail}>{face.detail}</span>
        <span className="visually-hidden">, {unwritten}</span>
      </button>
    </li>
  );
});

/** The usual run has no states: a stop on the rail is a dot. */
function Dot() {
  return (
    <svg width={ICON} height={ICON} viewBox="0 0 18 18" aria-hidden="true" focusable="false">
      <circle cx="9" cy="9" r="5" className={styles.dot} />
    </svg>
  );
}
