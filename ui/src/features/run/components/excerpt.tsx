/** The lines of a log around its exception, or its end: own frames dark, a library's folded, the error tinted. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TaskInstance } from "../../../api/schema";
import { number } from "../../../time/format";
import { Failure, Loading } from "../../../ui/panel-states";
import { windowQuery } from "../api/queries";
import { type ExcerptRow, exceptionRows, LINES_AFTER, LINES_BEFORE, lineRows } from "../model/excerpt";
import type { LogOverview, NumberedLine } from "../model/types";
import styles from "./excerpt.module.css";

interface ExcerptProps {
  run: string;
  task: TaskInstance;
  attempt: number | undefined;
  overview: LogOverview;
  /** A line that the address names. */
  line: number | undefined;
}

const TAIL = 16;

export function Excerpt({ run, task, attempt, overview, line }: ExcerptProps) {
  const { t, i18n } = useTranslation("run");
  const place = placeIn(overview, task, line);
  const { from, count } = place;
  // A log that grows is asked for anew under its new length.
  const key = overview.growing ? overview.lines : 0;
  const lines = useQuery({
    ...windowQuery(run, task.task_id, attempt, from, count),
    placeholderData: (before) => before,
    meta: { key },
  });
  if (lines.isError) return <Failure error={lines.error} what={t("why.what")} onRetry={() => void lines.refetch()} />;
  if (!lines.data) return <Loading what={t("why.what")} height={280} />;
  const rows = place.exception ? around(lines.data.items, place.exception) : lineRows(lines.data.items);
  const first = lines.data.items[0]?.n ?? 1;
  const last = lines.data.items.at(-1)?.n ?? 0;
  const start = overview.first_at ? Date.parse(overview.first_at) : 0;
  return (
    <div className={styles.log} data-live={overview.growing || undefined}>
      {first > 1 ? (
        <More run={run} task={task.task_id} attempt={attempt} line={first - 1}>
          {t("why.earlier", { n: first - 1, shown: number(i18n.language, first - 1) })}
        </More>
      ) : null}
      <ol className={styles.lines}>
        {rows.map((row, at) => (
          <Row key={row.key} row={row} start={start} marked={row.n === line} numbered={rows[at - 1]?.n !== row.n} />
        ))}
      </ol>
      {last < overview.lines && last > 0 ? (
        <More run={run} task={task.task_id} attempt={attempt} line={last + 1}>
          {t("why.later", { n: overview.lines - last, shown: number(i18n.language, overview.lines - last) })}
        </More>
      ) : null}
    </div>
  );
}

interface LogPlace {
  /** A line number, or how many lines from the end. */
  from: number;
  count: number;
  exception: LogOverview["exception"];
}

/** Around the line that the address names, else around the error of a task that ended, else the end. */
function placeIn(overview: LogOverview, task: TaskInstance, line: number | undefined): LogPlace {
  const { exception } = overview;
  if (line !== undefined) return placeAround(line, 1, null);
  if (task.state !== "running" && exception) return placeAround(exception.line, exception.lines, exception);
  const last = overview.errors.at(-1);
  if (last !== undefined && task.state !== "running" && task.state !== "success") return placeAround(last, 1, null);
  return { from: -TAIL, count: TAIL, exception: null };
}

function placeAround(line: number, lines: number, exception: LogOverview["exception"]): LogPlace {
  const from = Math.max(1, line - LINES_BEFORE);
  return { from, count: line - from + lines + LINES_AFTER, exception };
}

/** The exception's own lines are replaced by its frames. */
function around(items: readonly NumberedLine[], exception: NonNullable<LogOverview["exception"]>): ExcerptRow[] {
  const end = exception.line + exception.lines;
  return [
    ...lineRows(items.filter((one) => one.n < exception.line)),
    ...exceptionRows(exception),
    ...lineRows(items.filter((one) => one.n >= end)),
  ];
}

interface MoreProps {
  run: string;
  task: string;
  attempt: number | undefined;
  line: number;
  children: ReactNode;
}

function More({ run, task, attempt, line, children }: MoreProps) {
  return (
    <Link
      className={styles.more}
      to="/runs/$run/logs"
      params={{ run }}
      search={{ task, try: attempt ? `${attempt}` : undefined, line: `${line}` }}
    >
      {children}
    </Link>
  );
}

interface RowProps {
  row: ExcerptRow;
  start: number;
  /** Rows of one log line share its number: only the first shows it. */
  numbered: boolean;
  /** The address names it. */
  marked: boolean;
}

function Row({ row, start, numbered, marked }: RowProps) {
  const { t } = useTranslation("run");
  const ref = useRef<HTMLLIElement>(null);
  const isError = row.kind === "line" && row.error;
  useEffect(() => {
    if (ref.current && isError) ref.current.dataset.error = "true";
  }, [isError]);
  if (row.kind === "folded") return <Folded row={row} />;
  const offset = row.kind === "line" && row.at && start ? ((Date.parse(row.at) - start) / 1000).toFixed(2) : "";
  const level = row.kind === "line" && !row.error ? row.level : "";
  return (
    <li
      ref={ref}
      className={styles.row}
      data-kind={isError ? "error" : row.kind}
      data-level={level || undefined}
      data-marked={marked || undefined}
    >
      <span className={styles.n}>{numbered ? row.n : null}</span>
      <span className={styles.at}>{offset}</span>
      <span className={styles.text}>
        {isError ? <span className="visually-hidden">{t("why.error")} </span> : null}
        {level && level !== "info" ? <b className={styles.level}>{level.toUpperCase()} </b> : null}
        {row.text.replace(/\n+$/, "")}
      </span>
    </li>
  );
}

function Folded({ row }: { row: ExcerptRow & { kind: "folded" } }) {
  const { t } = useTranslation("run");
  const [open, setOpen] = useState(false);
  return (
    <li className={styles.row} data-kind="folded">
      <span className={styles.n} />
      <span className={styles.at} />
      <span className={styles.text}>
        <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
          {row.library
            ? t("why.framesOf", { n: row.frames, library: row.library })
            : t("why.frames", { n: row.frames })}
        </button>
        {open ? `\n${row.text}` : null}
      </span>
    </li>
  );
}
