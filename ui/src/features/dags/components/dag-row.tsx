/** One DAG: how it does, its last runs, how long it usually takes, when it starts next, and the switch of its schedule. */
import { Checkbox, Switch } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";
import type { DagItem } from "../../../api/schema";
import { percent, roughly } from "../../../time/format";
import { RunBars } from "../../../ui/run-bars";
import { StateIcon } from "../../../ui/state-icon";
import { Ago } from "../../../ui/when";
import { BARS } from "../model/asked";
import { barsOf, iconOf } from "../model/row";
import styles from "./dag-row.module.css";

interface DagRowProps {
  dag: DagItem;
  style: CSSProperties;
  isChosen: boolean;
  isCurrent: boolean;
  isBusy: boolean;
  onChoose: (dagId: string, toAnchor: boolean) => void;
  onPause: (dag: DagItem) => void;
}

export function DagRow({ dag, style, isChosen, isCurrent, isBusy, onChoose, onPause }: DagRowProps) {
  const { t } = useTranslation("dags");
  return (
    <li
      className={styles.row}
      style={style}
      aria-current={isCurrent || undefined}
      data-paused={dag.paused || undefined}
    >
      <Checkbox
        className={styles.choose ?? ""}
        aria-label={t("row.choose", { dag: dag.dag_id })}
        checked={isChosen}
        onChange={(event) => {
          const { nativeEvent } = event;
          onChoose(dag.dag_id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
        }}
      />
      <StateIcon state={iconOf(dag)} />
      <Link to="/dags/$dag" params={{ dag: dag.dag_id }} className={styles.words} title={dag.dag_id}>
        <span className={styles.name}>{dag.dag_id}</span>
        <Tags dag={dag} />
      </Link>
      <span className={styles.bars}>
        {dag.last_runs.length > 0 ? (
          <RunBars runs={barsOf(dag)} slots={BARS} />
        ) : (
          <span className={styles.muted}>{t("row.never")}</span>
        )}
      </span>
      <Usual dag={dag} />
      <Next dag={dag} />
      <Switch
        className={styles.switch ?? ""}
        aria-label={t("row.schedule", { dag: dag.dag_id })}
        checked={!dag.paused}
        disabled={isBusy || !dag.present}
        onChange={() => onPause(dag)}
      />
    </li>
  );
}

function Tags({ dag }: { dag: DagItem }) {
  const { t } = useTranslation("dags");
  const words = [dag.owner, dag.description].filter(Boolean).join(" · ");
  return (
    <span className={styles.tags}>
      {dag.import_error !== null ? <span className={styles.broken}>{t("row.broken")}</span> : null}
      {dag.tags.map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
        </span>
      ))}
      {words ? <span className={styles.about}>{words}</span> : null}
    </span>
  );
}

function Usual({ dag }: { dag: DagItem }) {
  const { t, i18n } = useTranslation("dags");
  if (dag.usual_s === null || dag.usual_s === undefined) {
    return (
      <span className={styles.usual} title={t("row.noUsual")}>
        <span className={styles.muted}>–</span>
      </span>
    );
  }
  const trend = dag.trend ?? 0;
  const share = percent(i18n.language, Math.abs(trend));
  const words = t(trend > 0 ? "row.slower" : "row.faster", { share });
  return (
    <span className={styles.usual}>
      {roughly(i18n.language, dag.usual_s)}
      {trend === 0 ? null : (
        <span className={trend > 0 ? styles.slower : styles.faster} title={words}>
          <span aria-hidden="true">{`${trend > 0 ? "↑" : "↓"} ${share}`}</span>
          <span className="visually-hidden">{words}</span>
        </span>
      )}
    </span>
  );
}

function Next({ dag }: { dag: DagItem }) {
  const { t } = useTranslation("dags");
  if (dag.paused) {
    const words = dag.paused_by ? t("row.pausedBy", { by: dag.paused_by }) : t("row.paused");
    return (
      <span className={styles.next} title={dag.paused_note || undefined}>
        {words}
      </span>
    );
  }
  if (dag.next_run_at === null) return <span className={styles.next}>{dag.schedule || t("row.noSchedule")}</span>;
  return (
    <span className={styles.next} title={dag.schedule}>
      <Ago at={dag.next_run_at} zone={dag.tz} />
    </span>
  );
}
