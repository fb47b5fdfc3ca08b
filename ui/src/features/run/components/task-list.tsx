/** All tasks of the run as a table: the same as the graph and the Gantt for those who read rows. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DagGraph, TaskInstance } from "../../../api/schema";
import { number } from "../../../time/format";
import { NoMatch } from "../../../ui/panel-states";
import { urgency } from "../../../ui/state";
import { StateIcon } from "../../../ui/state-icon";
import { At, Length } from "../../../ui/when";
import type { RunStory } from "../model/types";
import styles from "./task-list.module.css";

interface TaskListProps {
  story: RunStory;
  tasks: readonly TaskInstance[];
  graph: DagGraph | undefined;
  task: string;
  onTask: (task: string) => void;
}

const ROW = 34;
const COLUMNS = ["task", "try", "started", "took", "usually", "slack", "pool"] as const;

export default function TaskList({ story, tasks, graph, task, onTask }: TaskListProps) {
  const { t, i18n } = useTranslation("run");
  const [q, setQ] = useState("");
  const needle = q.trim().toLowerCase();
  const shown = useMemo(() => {
    const found = needle ? tasks.filter((one) => one.task_id.toLowerCase().includes(needle)) : [...tasks];
    return found.sort((a, b) => urgent(a) - urgent(b) || a.position - b.position);
  }, [tasks, needle]);
  const pools = useMemo(() => new Map(graph?.tasks.map((one) => [one.task_id, one.pool ?? ""])), [graph]);
  const critical = useMemo(() => new Set(story.critical_path), [story.critical_path]);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  });
  const items = rows.getVirtualItems();
  return (
    <div className={styles.list}>
      {tasks.length > 20 ? (
        <div className={styles.find}>
          <input
            className={styles.input}
            type="search"
            value={q}
            placeholder={t("list.find")}
            aria-label={t("list.find")}
            onChange={(event) => setQ(event.target.value)}
          />
          <span>
            {t("list.shown", {
              shown: number(i18n.language, shown.length),
              total: number(i18n.language, tasks.length),
            })}
          </span>
        </div>
      ) : null}
      {shown.length === 0 ? <NoMatch q={q} onClear={() => setQ("")} /> : null}
      <section className={styles.scroller} ref={scroller} aria-label={t("list.label")}>
        <table className={styles.table} aria-rowcount={shown.length + 1}>
          <thead>
            <tr className={styles.head}>
              {COLUMNS.map((name) => (
                <th key={name} scope="col" data-column={name}>
                  {t(`list.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Spacer height={items[0]?.start ?? 0} />
            {items.map((item) => {
              const row = shown[item.index];
              if (!row) return null;
              return (
                <Row
                  key={row.task_id}
                  index={item.index}
                  row={row}
                  usualS={story.usual_task_s[row.position]}
                  slackS={story.slack_s[row.position]}
                  pool={pools.get(row.task_id) ?? ""}
                  critical={critical.has(row.task_id)}
                  chosen={row.task_id === task}
                  onTask={onTask}
                />
              );
            })}
            <Spacer height={rows.getTotalSize() - (items.at(-1)?.end ?? 0)} />
          </tbody>
        </table>
      </section>
    </div>
  );
}

/** Stands for the rows that are not drawn. */
function Spacer({ height }: { height: number }) {
  return height > 0 ? (
    <tr>
      <td className={styles.spacer} colSpan={COLUMNS.length} style={{ height }} />
    </tr>
  ) : null;
}

/** What needs a person stands first; everything else in the order of the graph. */
function urgent(task: TaskInstance): number {
  return task.state === "failed" || task.state === "running" ? urgency(task.state) : 99;
}

interface RowProps {
  index: number;
  row: TaskInstance;
  usualS: number | null | undefined;
  slackS: number | null | undefined;
  pool: string;
  critical: boolean;
  chosen: boolean;
  onTask: (task: string) => void;
}

function Row({ index, row, usualS, slackS, pool, critical, chosen, onTask }: RowProps) {
  const { t } = useTranslation("run");
  const running = row.state === "running" ? row.started_at : null;
  return (
    <tr className={styles.row} aria-rowindex={index + 2} data-chosen={chosen || undefined}>
      <td>
        <div className={styles.first}>
          <StateIcon state={row.state} size={14} />
          <button
            type="button"
            className={styles.name}
            aria-pressed={chosen}
            title={row.task_id}
            onClick={() => onTask(row.task_id)}
          >
            {row.task_id}
          </button>
          {critical ? <span className={styles.critical}>{t("list.critical")}</span> : null}
        </div>
      </td>
      <td>{row.try_number > 0 ? t("list.tryOf", { n: row.try_number, of: row.max_tries }) : "–"}</td>
      <td>{row.started_at ? <At at={row.started_at} only="seconds" /> : "–"}</td>
      <td>{row.started_at ? <Length seconds={row.duration_s} since={running} /> : "–"}</td>
      <td>
        <Length seconds={usualS} />
      </td>
      <td>
        <Length seconds={slackS} />
      </td>
      <td>{pool}</td>
    </tr>
  );
}
