/** Workers: what each runs, its memory, its age, its version. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { megabytes, number } from "../../../time/format";
import { Card } from "../../../ui/card";
import { breakable } from "../../../ui/chip";
import { Empty } from "../../../ui/panel-states";
import { StateIcon } from "../../../ui/state-icon";
import { Ago } from "../../../ui/when";
import type { Occupancy, WorkerState } from "../api/queries";
import { orderedWorkers } from "../model/order";
import { SlotSquares } from "./slot-squares";
import styles from "./tables.module.css";

const SHOWN_MAX = 500;
const BUNDLE_CHARS = 8;

export function WorkerTable({ found }: { found: Occupancy }) {
  const { t, i18n } = useTranslation("workers");
  const used = found.slots - found.free;
  const holders = found.workers.flatMap((worker) => (worker.work ? [{ ...worker.work, slots: 1 }] : []));
  return (
    <>
      <Card
        title={t("slots.title")}
        note={t("slots.note", { used: number(i18n.language, used), total: number(i18n.language, found.slots) })}
      >
        <SlotSquares label={t("slots.list")} holders={holders} used={used} slots={found.slots} />
      </Card>
      {found.workers.length === 0 ? (
        <Empty>{t("worker.empty")}</Empty>
      ) : (
        <Card flush title={t("tabs.workers")} note={number(i18n.language, found.workers.length)}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reached by keyboard */}
          <section className={styles.scroll} tabIndex={0} aria-label={t("what")}>
            <table className={styles.table}>
              <Head />
              <tbody>
                {orderedWorkers(found.workers)
                  .slice(0, SHOWN_MAX)
                  .map((worker) => (
                    <Row key={worker.worker_id} worker={worker} />
                  ))}
              </tbody>
            </table>
          </section>
          {found.workers.length > SHOWN_MAX ? (
            <p className={styles.rest}>
              {t("worker.rest", {
                shown: number(i18n.language, SHOWN_MAX),
                total: number(i18n.language, found.workers.length),
              })}
            </p>
          ) : null}
        </Card>
      )}
    </>
  );
}

function Head() {
  const { t } = useTranslation("workers");
  return (
    <thead>
      <tr>
        <th scope="col">{t("worker.id")}</th>
        <th scope="col">{t("worker.work")}</th>
        <th scope="col" data-number>
          {t("worker.memory")}
        </th>
        <th scope="col">{t("worker.started")}</th>
        <th scope="col" data-number>
          {t("worker.calls")}
        </th>
        <th scope="col">{t("worker.version")}</th>
      </tr>
    </thead>
  );
}

type Word = "busy" | "idle" | "lean";

function Row({ worker }: { worker: WorkerState }) {
  const { t, i18n } = useTranslation("workers");
  const word: Word = worker.state === "busy" || worker.state === "idle" ? worker.state : "lean";
  return (
    <tr>
      <th scope="row">
        <span className={styles.who}>
          <StateIcon state={word === "busy" ? "running" : "scheduled"} size={14} mute />
          {worker.worker_id}
          <span className={styles.quiet}>pid {worker.pid}</span>
        </span>
      </th>
      <td>
        {worker.work ? (
          <>
            <Link to="/runs/$run" params={{ run: worker.work.run_id }} search={{ task: worker.work.task_id }}>
              {breakable(worker.work.task_id)}
            </Link>{" "}
            <span className={styles.quiet}>
              {breakable(worker.work.dag_id)} · {worker.work.since ? <Ago at={worker.work.since} /> : null}
            </span>
          </>
        ) : (
          <span className={styles.quiet}>{t(`worker.state.${word}`)}</span>
        )}
      </td>
      <td data-number>{megabytes(i18n.language, worker.rss_mb)}</td>
      <td>
        <Ago at={worker.started_at} />
      </td>
      <td data-number>{number(i18n.language, worker.calls)}</td>
      <td className={styles.quiet}>
        {worker.version}
        {worker.bundle ? ` · ${t("worker.code", { bundle: worker.bundle.slice(0, BUNDLE_CHARS) })}` : ""}
      </td>
    </tr>
  );
}
