/** Six numbers with the reason that matters; each opens the list that it counts. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { number, roughly } from "../../../time/format";
import { useNowOf } from "../../../time/now";
import { useSentenceText } from "../../../ui/sentence";
import type { Alert, State } from "../../../ui/state";
import { StateIcon } from "../../../ui/state-icon";
import type { Now } from "../api/queries";
import styles from "./counts.module.css";

interface CountProps {
  icon: State | Alert;
  name: string;
  value: number;
  unit: string;
  note: string;
  to: string;
  search?: Record<string, string>;
}

export function Counts({ now }: { now: Now }) {
  const { t, i18n } = useTranslation("now");
  const language = i18n.language;
  const queue = useQueueNote(now.counts.queue_head);
  const { counts, pulse } = now;
  const tasks = (n: number) => t("counts.tasks", { n });
  const runs = (n: number) => t("counts.runs", { n });
  const slots = t("counts.slots", { n: pulse.slots, free: number(language, pulse.free) });
  const late =
    counts.late_most_s === null
      ? t("counts.inTime")
      : t("counts.latest", { length: roughly(language, counts.late_most_s) });
  const all: CountProps[] = [
    {
      icon: "running",
      name: t("counts.running"),
      value: counts.tasks_running,
      unit: tasks(counts.tasks_running),
      note: slots,
      to: "/runs",
      search: { state: "running" },
    },
    {
      icon: "queued",
      name: t("counts.queued"),
      value: counts.tasks_queued,
      unit: tasks(counts.tasks_queued),
      note: queue,
      to: "/workers",
      search: { tab: "queues" },
    },
    {
      icon: "waiting",
      name: t("counts.waiting"),
      value: counts.tasks_waiting,
      unit: tasks(counts.tasks_waiting),
      note: t("counts.retrying", { n: counts.tasks_retrying }),
      to: "/runs",
      search: { state: "running" },
    },
    {
      icon: "late",
      name: t("counts.late"),
      value: counts.late_runs,
      unit: runs(counts.late_runs),
      note: late,
      to: "/dags",
      search: { state: "late" },
    },
    {
      icon: "failed",
      name: t("counts.failed"),
      value: counts.failed_runs,
      unit: runs(counts.failed_runs),
      note: t("counts.midnight"),
      to: "/runs",
      search: { state: "failed" },
    },
    {
      icon: "success",
      name: t("counts.done"),
      value: counts.done_runs,
      unit: runs(counts.done_runs),
      note: t("counts.midnight"),
      to: "/runs",
      search: { state: "success" },
    },
  ];
  return (
    <ul className={styles.counts} aria-label={t("counts.label")}>
      {all.map((count) => (
        <li key={count.icon} className={styles.count}>
          <Link to={count.to} {...(count.search ? { search: count.search } : {})} className={styles.link}>
            <span className={styles.name}>
              <StateIcon state={count.icon} mute />
              {count.name}
            </span>
            <span className={styles.value}>
              <strong>{number(language, count.value)}</strong> {count.unit}
            </span>
            <span className={styles.note} title={count.note}>
              {count.note}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function useQueueNote(head: Now["counts"]["queue_head"]): string {
  const { t, i18n } = useTranslation("now");
  const text = useSentenceText();
  const since = head === null ? 0 : Date.parse(head.since);
  const length = useNowOf((now) => roughly(i18n.language, Math.max(0, now - since) / 1000));
  if (head === null) return t("counts.noQueue");
  return t("counts.oldest", { length, why: text(head.reason) });
}
