/** Who holds a slot or waits for one: the task as a link, since when, and about how long it still takes. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Schemas } from "../../api/schema";
import { roughly } from "../../time/format";
import { breakable } from "../chip";
import { StateIcon } from "../state-icon";
import { Ago } from "../when";
import styles from "./holder-row.module.css";

export type Holder = Schemas["Holder"];

interface HolderRowProps {
  holder: Holder;
  kind: "holds" | "waits";
}

export function HolderRow({ holder, kind }: HolderRowProps) {
  const { t } = useTranslation("capacity");
  return (
    <li className={styles.row}>
      <StateIcon state={kind === "holds" ? "running" : "queued"} size={14} mute />
      <span className={styles.who}>
        <Link
          to="/runs/$run"
          params={{ run: holder.run_id }}
          search={holder.task_id ? { task: holder.task_id } : {}}
          title={holder.run_id}
        >
          {holder.task_id ? breakable(holder.task_id) : t("run")}
        </Link>
        <span className={styles.run}>{breakable(holder.dag_id)}</span>
        {holder.slots > 1 ? <span className={styles.run}>{t("slots", { n: holder.slots })}</span> : null}
      </span>
      <span className={styles.when}>
        {holder.since ? <Ago at={holder.since} /> : null}
        <Left holder={holder} />
      </span>
    </li>
  );
}

function Left({ holder }: { holder: Holder }) {
  const { t, i18n } = useTranslation("capacity");
  if (holder.left_s === null || holder.left_s === undefined) return null;
  if (holder.left_s === 0) return <span>{t("overdue")}</span>;
  return <span>{t("left", { length: roughly(i18n.language, holder.left_s) })}</span>;
}
