/** What the bars of the timeline mean. */
import { useTranslation } from "react-i18next";
import styles from "./legend.module.css";

const LOOKS = ["success", "failed", "running", "late", "planned", "now"] as const;

export function Legend() {
  const { t } = useTranslation("now");
  return (
    <ul className={styles.legend}>
      {LOOKS.map((look) => (
        <li key={look} className={styles.item}>
          <span className={styles.sample} data-look={look} />
          {t(`tonight.legend.${look}`)}
        </li>
      ))}
    </ul>
  );
}
