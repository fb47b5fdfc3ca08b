/** One start to come: when, in how long, and what to know about it. */
import { useTranslation } from "react-i18next";
import { clock, duration } from "../../../time/format";
import { useZone } from "../../../time/zone";
import { Ago, At } from "../../../ui/when";
import type { PlannedStart } from "../model/types";
import styles from "./start-row.module.css";

export function StartRow({ start, zone: dagZone }: { start: PlannedStart; zone: string }) {
  const notes = useNotes(start, dagZone);
  return (
    <li className={styles.row}>
      <b>
        <At at={start.at} zone={dagZone} />
      </b>
      <span className={styles.away}>
        <Ago at={start.at} zone={dagZone} />
      </span>
      {notes.length > 0 ? <span className={styles.notes}>{notes.join("; ")}</span> : null}
    </li>
  );
}

function useNotes(start: PlannedStart, dagZone: string): string[] {
  const { t, i18n } = useTranslation("dag");
  const zone = useZone(dagZone);
  const notes = start.collisions.map((one) =>
    t("next.collision", {
      pool: one.pool,
      dag: one.dag_id,
      until: clock(i18n.language, new Date(one.until), zone),
      wanted: one.wanted,
      slots: one.slots,
    }),
  );
  if (start.clock_shift_s !== 0)
    notes.push(
      t(start.clock_shift_s > 0 ? "next.forward" : "next.backward", {
        length: duration(i18n.language, Math.abs(start.clock_shift_s)),
      }),
    );
  return notes;
}
