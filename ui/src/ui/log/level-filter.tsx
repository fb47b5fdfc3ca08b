/** Which lines are shown: all, or those of at least a level, each with how many there are. */
import { useTranslation } from "react-i18next";
import { number } from "../../time/format";
import styles from "./level-filter.module.css";
import type { Level, LogOverview } from "./log-queries";

interface LevelFilterProps {
  overview: LogOverview | undefined;
  level: Level;
  onLevel: (level: Level) => void;
}

export function LevelFilter({ overview, level, onLevel }: LevelFilterProps) {
  const { t, i18n } = useTranslation("logs");
  const counts = overview?.levels;
  const errors = counts ? counts.error + counts.critical : 0;
  const warnings = counts ? errors + counts.warning : 0;
  const choices: { level: Level; label: string; count: number | undefined }[] = [
    { level: "", label: t("level.all"), count: overview?.lines },
    ...(counts && counts.debug > 0
      ? [{ level: "info" as const, label: t("level.noDebug"), count: overview.lines - counts.debug }]
      : []),
    { level: "warning", label: t("level.warnings"), count: counts ? warnings : undefined },
    { level: "error", label: t("level.errors"), count: counts ? errors : undefined },
  ];
  return (
    <fieldset className={styles.levels}>
      <legend className="visually-hidden">{t("level.legend")}</legend>
      {choices.map((one) => (
        <button
          key={one.level}
          type="button"
          className={styles.level}
          aria-pressed={level === one.level}
          data-level={one.count ? one.level : undefined}
          onClick={() => onLevel(one.level)}
        >
          {one.label}
          <span className={styles.count}>{one.count === undefined ? "" : number(i18n.language, one.count)}</span>
        </button>
      ))}
    </fieldset>
  );
}
