/** Queues: who waits, since when, and whether somebody serves them. */
import { useTranslation } from "react-i18next";
import { number } from "../../../time/format";
import { Card } from "../../../ui/card";
import { breakable } from "../../../ui/chip";
import { Empty } from "../../../ui/panel-states";
import { StateIcon } from "../../../ui/state-icon";
import { Ago } from "../../../ui/when";
import type { QueueState } from "../api/queries";
import { isUnserved, orderedQueues } from "../model/order";
import styles from "./tables.module.css";

export function QueueTable({ queues }: { queues: readonly QueueState[] }) {
  const { t, i18n } = useTranslation("workers");
  if (queues.length === 0) return <Empty>{t("queue.empty")}</Empty>;
  return (
    <Card flush title={t("tabs.queues")} note={number(i18n.language, queues.length)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reached by keyboard */}
      <section className={styles.scroll} tabIndex={0} aria-label={t("what")}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("queue.name")}</th>
              <th scope="col" data-number>
                {t("queue.queued")}
              </th>
              <th scope="col">{t("queue.oldest")}</th>
              <th scope="col" data-number>
                {t("queue.running")}
              </th>
              <th scope="col" data-number>
                {t("queue.slots")}
              </th>
              <th scope="col">{t("queue.served")}</th>
            </tr>
          </thead>
          <tbody>
            {orderedQueues(queues).map((queue) => (
              <tr key={queue.name}>
                <th scope="row">{breakable(queue.name)}</th>
                <td data-number>{number(i18n.language, queue.queued)}</td>
                <td>{queue.queued_since ? <Ago at={queue.queued_since} /> : "–"}</td>
                <td data-number>{number(i18n.language, queue.running)}</td>
                <td data-number>
                  {isUnserved(queue) || queue.slots === 0 ? (
                    <span className={styles.alert}>
                      <StateIcon state="lost_worker" size={14} mute /> {t("queue.unserved")}
                    </span>
                  ) : (
                    number(i18n.language, queue.slots)
                  )}
                </td>
                <td>{queue.served_at ? <Ago at={queue.served_at} /> : t("queue.never")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
