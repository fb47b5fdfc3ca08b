/** The tinted box around what belongs together, with a control to fold it. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { PlacedBox } from "../model";
import styles from "./group-box.module.css";

interface GroupBoxProps {
  box: PlacedBox;
  title: string;
}

export const GroupBox = memo(function GroupBox({ box, title }: GroupBoxProps) {
  const { t } = useTranslation("graph");
  return (
    <div
      className={styles.box}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      data-deep={box.depth % 2 === 1 || undefined}
      data-box={box.key}
    >
      <span className={styles.title} title={title}>
        {title}
      </span>
      <button
        type="button"
        className={styles.fold}
        data-close={box.key}
        tabIndex={-1}
        aria-label={t("fold.close", { name: title })}
        title={t("fold.close", { name: title })}
      >
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
          <path d="M2 6h8" />
        </svg>
      </button>
    </div>
  );
});
