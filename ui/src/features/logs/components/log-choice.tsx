/** Whose log is shown: the task, and which of its tries. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { overviewQuery } from "../../../ui/log/log-queries";
import { tasksQuery } from "../api/queries";
import type { Place } from "../model/place";
import styles from "./log-choice.module.css";

const TRIES_MAX = 12;

interface LogChoiceProps {
  run: string;
  place: Place;
  onChoose: (task: string | undefined, attempt: number | undefined) => void;
}

export function LogChoice({ run, place, onChoose }: LogChoiceProps) {
  const { t } = useTranslation("logs");
  const tasks = useQuery(tasksQuery(run));
  const known = (tasks.data ?? []).filter((one) => one.try_number > 0 || one.task_id === place.task);
  const names = known.map((one) => one.task_id);
  if (place.task && !names.includes(place.task)) names.unshift(place.task);
  return (
    <div className={styles.choice}>
      <Select
        size="xs"
        className={styles.task ?? ""}
        aria-label={t("task")}
        data={[{ value: "", label: t("allTasks") }, ...names.map((name) => ({ value: name, label: name }))]}
        value={place.task ?? ""}
        onChange={(value) => onChoose(value || undefined, undefined)}
        searchable={names.length > 8}
        allowDeselect={false}
        limit={200}
        comboboxProps={{ width: "max-content" }}
      />
      <Tries run={run} place={place} onChoose={onChoose} />
    </div>
  );
}

function Tries({ run, place, onChoose }: LogChoiceProps) {
  const { t } = useTranslation("logs");
  const { data } = useQuery(overviewQuery({ run, task: place.task, attempt: place.attempt }));
  if (!place.task || !data || data.attempts.length < 2) return null;
  return (
    <fieldset className={styles.tries}>
      <legend className="visually-hidden">{t("tries")}</legend>
      {data.attempts.slice(-TRIES_MAX).map((n) => (
        <button
          key={n}
          type="button"
          className={styles.try}
          aria-pressed={n === data.attempt}
          onClick={() => onChoose(place.task, n)}
        >
          {t("try", { n })}
        </button>
      ))}
    </fieldset>
  );
}
