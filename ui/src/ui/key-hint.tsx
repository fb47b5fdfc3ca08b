/** A key as it stands on the keyboard. */
import styles from "./key-hint.module.css";

export function KeyHint({ children }: { children: string }) {
  return <kbd className={styles.key}>{children}</kbd>;
}
