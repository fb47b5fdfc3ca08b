/** A log: filters, search, jumps, live tail. Its state belongs to the page, so that the address can hold it. */
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { Empty, Failure, Loading } from "../panel-states";
import { useKeys } from "../use-keys";
import { wantedOf } from "./find";
import { FindBar } from "./find-bar";
import { LevelFilter } from "./level-filter";
import { LogList, type LogListHandle } from "./log-list";
import { type Level, type LogPlace, overviewQuery, searchQuery } from "./log-queries";
import type { LogRows } from "./log-rows";
import { LogTools } from "./log-tools";
import styles from "./log-viewer.module.css";
import { useFollow } from "./use-follow";
import { useLogRows } from "./use-log-rows";
import { errorsOf, useSteps } from "./use-steps";

export interface LogViewerProps {
  /** Whose log: of a try of a task (the last without `attempt`), or of the whole run without `task`. */
  place: LogPlace;
  level: Level;
  onLevel: (level: Level) => void;
  /** The text that is looked for; "" is none. */
  find: string;
  onFind: (find: string) => void;
  /** Whether it is a regular expression. */
  isPattern: boolean;
  onPattern: (isPattern: boolean) => void;
  /** The line to open at and to mark, counted from 1. Without it: the end of a live log, else its first error. */
  line: number | undefined;
  onLine: (line: number | undefined) => void;
  /** Keys E, F and / work while the viewer is on the page. */
  keys?: boolean;
}

export function LogViewer({ place, level, onLevel, line, onLine, keys = true, ...search }: LogViewerProps) {
  const { find, isPattern } = search;
  const { t } = useTranslation("logs");
  const list = useRef<LogListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const [wrap, setWrap] = useState(true);
  const [clock, setClock] = useState(false);
  const overview = useQuery(overviewQuery(place));
  const rows = useLogRows(place, level);
  const matches = useQuery(searchQuery(place, find, isPattern, level));
  const follow = useFollow(rows, overview.data, place, list);
  const errors = useMemo(() => errorsOf(overview.data), [overview.data]);
  // A pattern marks only what the server could read as well.
  const wanted = useMemo(
    () => (isPattern && !matches.data ? "" : wantedOf(find, isPattern)),
    [find, isPattern, matches.data],
  );
  const hits = useMemo(
    () => (matches.data?.items ?? []).map((one) => (place.task ? one.line : one.run_line)),
    [matches.data, place.task],
  );
  const hitLines = useMemo(() => new Set(hits), [hits]);
  const show = (target: number) => {
    follow.stop();
    onLine(target);
    list.current?.showLine(target);
  };
  const toError = useSteps(errors, line, show);
  const toHit = useSteps(hits, line, show);
  useOpening({ isReady: rows.isReady && !overview.isPending, line, errors, growing: rows.growing, list, follow });
  const nextError = () => toError.step(1);
  const previousError = () => toError.step(-1);
  const toField = () => field.current?.focus();
  useKeys({ KeyE: nextError, "Shift+KeyE": previousError, KeyF: follow.toggle, Slash: toField }, { enabled: keys });
  const state = useStateOf(rows, overview.data?.missing === true);
  return (
    <div className={styles.viewer}>
      <div className={styles.bar}>
        <LevelFilter overview={overview.data} level={level} onLevel={onLevel} />
        <FindBar
          field={field}
          {...search}
          matches={matches.data}
          failed={matches.error ? asProblem(matches.error).detail : undefined}
          at={toHit.at}
          onStep={toHit.step}
        />
        <LogTools
          place={place}
          errors={errors.length > 0 ? nextError : undefined}
          follow={follow}
          growing={rows.growing}
          wrap={wrap}
          onWrap={setWrap}
          clock={clock}
          onClock={setClock}
        />
      </div>
      {state ?? (
        <LogList
          handle={list}
          rows={rows}
          wrap={wrap}
          chosen={line}
          hitLines={hitLines}
          following={follow.isOn}
          onLeaveEnd={follow.stop}
          startMs={clock || !overview.data?.first_at ? null : Date.parse(overview.data.first_at)}
          find={wanted}
          showTask={!place.task}
          onLine={(n) => onLine(n === line ? undefined : n)}
          hits={matches.data?.hit_map ?? []}
          errors={level === "" ? (overview.data?.error_map ?? []) : []}
          onPart={(share) => {
            follow.stop();
            list.current?.showRow(Math.floor(share * rows.total));
          }}
        />
      )}
      <p className="visually-hidden" role="status">
        {errors.length > 0 ? t("errorsIn", { n: overview.data?.errors_total ?? 0 }) : ""}
      </p>
    </div>
  );
}

/** What stands in the list's place when there are no lines to list. */
function useStateOf(rows: LogRows, missing: boolean) {
  const { t } = useTranslation("logs");
  if (rows.error && rows.total === 0)
    return <Failure error={rows.error} what={t("what")} onRetry={() => void rows.refresh()} />;
  if (!rows.isReady) return <Loading what={t("what")} height={320} />;
  if (missing) return <Empty>{t("missing")}</Empty>;
  if (rows.total > 0) return null;
  if (rows.level !== "") return <Empty>{t("noneOfLevel")}</Empty>;
  return <Empty>{rows.growing ? t("quiet") : t("nothing")}</Empty>;
}

interface Opening {
  isReady: boolean;
  line: number | undefined;
  errors: readonly number[];
  growing: boolean;
  list: RefObject<LogListHandle | null>;
  follow: { start: () => void };
}

/** Where the log opens: at the line of the address, at the end while it grows, else at its exception. */
function useOpening({ isReady, line, errors, growing, list, follow }: Opening): void {
  const opened = useRef(false);
  useEffect(() => {
    if (!isReady || opened.current) return;
    opened.current = true;
    if (line !== undefined) list.current?.showLine(line);
    else if (growing) follow.start();
    else if (errors[0] !== undefined) list.current?.showLine(errors[0]);
  }, [isReady, line, errors, growing, list, follow]);
}
