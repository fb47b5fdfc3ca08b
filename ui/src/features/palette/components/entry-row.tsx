/** One line of the palette. */
import { useTranslation } from "react-i18next";
import { KeyHint } from "../../../ui/key-hint";
import { StateIcon } from "../../../ui/state-icon";
import type { Entry } from "../model/entries";
import styles from "./palette.module.css";

interface EntryRowProps {
  entry: Entry;
  id: string;
  isCurrent: boolean;
  /** Enter was pressed once on something that cannot be taken back. */
  isArmed: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

export function EntryRow({ entry, id, isCurrent, isArmed, onPoint, onChoose }: EntryRowProps) {
  const { t } = useTranslation("palette");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the focus and takes the keys of the list
    <div
      id={id}
      role="option"
      aria-selected={isCurrent}
      tabIndex={-1}
      className={styles.entry}
      data-destructive={entry.isDestructive || undefined}
      onPointerMove={onPoint}
      onClick={onChoose}
    >
      <span className={styles.icon}>{entry.icon ? <StateIcon state={entry.icon} /> : null}</span>
      <span className={styles.label} title={entry.label}>
        {entry.label}
      </span>
      <span className={styles.note}>{isArmed ? t("again") : entry.note}</span>
      {entry.keyName ? <KeyHint>{entry.keyName}</KeyHint> : null}
    </div>
  );
}
