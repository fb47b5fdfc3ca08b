/** Conditions that hold already: folded, for whoever wants to be sure. */
import { useTranslation } from "react-i18next";
import { Sentence } from "../../../ui/sentence";
import { StateIcon } from "../../../ui/state-icon";
import type { Condition } from "../api/queries";
import styles from "./met-list.module.css";

export function MetList({ conditions }: { conditions: readonly Condition[] }) {
  const { t } = useTranslation("waiting");
  return (
    <details className={styles.met}>
      <summary>{t("met", { n: conditions.length })}</summary>
      <ul className={styles.rows}>
        {conditions.map((one) => (
          <li key={one.name}>
            <StateIcon state="success" size={14} mute />
            <span>
              <Sentence sentence={one.why} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
