/** One square, one slot; who holds it stands in words on hover and focus, and is a link. */
import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { number } from "../../../time/format";
import type { Holder } from "../../../ui/capacity/holder-row";
import { Ago } from "../../../ui/when";
import styles from "./slot-squares.module.css";

const SQUARES_MAX = 200;

interface SlotSquaresProps {
  label: string;
  holders: readonly Holder[];
  used: number;
  slots: number;
}

export function SlotSquares({ label, holders, used, slots }: SlotSquaresProps) {
  const { t, i18n } = useTranslation("workers");
  const held = holders.flatMap((holder) =>
    Array.from({ length: Math.max(1, holder.slots) }, (_, part) => ({ holder, part })),
  );
  const total = Math.max(slots, used);
  const shownHeld = held.slice(0, Math.min(used, SQUARES_MAX));
  const others = Math.max(0, Math.min(used, SQUARES_MAX) - shownHeld.length);
  const free = Math.max(0, Math.min(total, SQUARES_MAX) - shownHeld.length - others);
  return (
    <ul className={styles.squares} aria-label={label}>
      {shownHeld.map(({ holder, part }) => (
        <li key={`${holder.run_id} ${holder.task_id} ${part}`}>
          <Square holder={holder} />
        </li>
      ))}
      {blanks(others).map((at) => (
        <li key={`other ${at}`} className={styles.square} data-held title={t("slots.busy")} />
      ))}
      {blanks(free).map((at) => (
        <li key={`free ${at}`} className={styles.square} title={t("slots.free")} />
      ))}
      {total > SQUARES_MAX ? (
        <li className={styles.more}>
          {t("slots.more", { n: total - SQUARES_MAX, shown: number(i18n.language, total - SQUARES_MAX) })}
        </li>
      ) : null}
    </ul>
  );
}

function blanks(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}

function Square({ holder }: { holder: Holder }) {
  const { t } = useTranslation("workers");
  const name = t("slots.held", { task: holder.task_id, dag: holder.dag_id });
  return (
    <Tooltip
      withinPortal={false}
      events={{ hover: true, focus: true, touch: true }}
      label={
        <>
          {name}
          {holder.since ? (
            <>
              {" · "}
              <Ago at={holder.since} />
            </>
          ) : null}
        </>
      }
    >
      <Link
        to="/runs/$run"
        params={{ run: holder.run_id }}
        search={{ task: holder.task_id }}
        className={styles.square}
        data-held
        aria-label={name}
      />
    </Tooltip>
  );
}
