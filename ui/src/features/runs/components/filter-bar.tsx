/** Runs by state, by when they were created, and of one DAG. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { StateIcon } from "../../../ui/state-icon";
import { type Filters, SPANS } from "../api/queries";
import { STATES } from "../hooks/use-filters";
import styles from "./filter-bar.module.css";

interface FilterBarProps {
  filters: Filters;
  onChange: (change: Partial<Filters>) => void;
}

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation("runs");
  return (
    <div className={styles.bar}>
      <fieldset className={styles.group}>
        <legend className="visually-hidden">{t("filter.state")}</legend>
        {(["", ...STATES] as const).map((state) => (
          <button
            key={state}
            type="button"
            className={styles.choice}
            aria-pressed={filters.state === state}
            onClick={() => onChange({ state })}
          >
            {state === "" ? (
              t("filter.all")
            ) : (
              <>
                <StateIcon state={state} size={14} mute />
                {t(`filter.${state}`)}
              </>
            )}
          </button>
        ))}
      </fieldset>
      <fieldset className={styles.group}>
        <legend className="visually-hidden">{t("filter.span")}</legend>
        {(["", ...SPANS] as const).map((span) => (
          <button
            key={span}
            type="button"
            className={styles.choice}
            aria-pressed={filters.span === span}
            onClick={() => onChange({ span })}
          >
            {span === "" ? t("filter.ever") : t(`filter.${span}`)}
          </button>
        ))}
      </fieldset>
      {filters.dag ? (
        <Button variant="default" onClick={() => onChange({ dag: "" })}>
          {t("filter.dag", { dag: filters.dag })}
        </Button>
      ) : null}
    </div>
  );
}
