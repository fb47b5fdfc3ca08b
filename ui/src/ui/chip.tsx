/** A name in code form inside a sentence. */
import { Fragment, type ReactNode } from "react";
import styles from "./chip.module.css";

export function Chip({ children }: { children: ReactNode }) {
  return <code className={styles.chip}>{typeof children === "string" ? breakable(children) : children}</code>;
}

/** Long names may break after `_`, `.`, `/` and `-`, and nowhere else; what is copied holds no invisible character. */
export function breakable(name: string): ReactNode[] {
  return [...name.matchAll(/[^_./-]*[_./-]?/g)]
    .filter(([part]) => part !== "")
    .map((match) => (
      <Fragment key={match.index}>
        {match[0]}
        <wbr />
      </Fragment>
    ));
}
