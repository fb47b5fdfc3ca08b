/** Whether the end of a growing log is kept in view, and how much came since it was left. */
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { LogListHandle } from "./log-list";
import { type LogOverview, type LogPlace, overviewKey } from "./log-queries";
import type { LogRows } from "./log-rows";

export interface Follow {
  isOn: boolean;
  /** Lines that came since following stopped. */
  fresh: number;
  start: () => void;
  stop: () => void;
  toggle: () => void;
}

/** Counts and errors of a log that grows are asked for this often at most. */
const OVERVIEW_MS = 3_000;

export function useFollow(
  rows: LogRows,
  overview: LogOverview | undefined,
  place: LogPlace,
  list: RefObject<LogListHandle | null>,
): Follow {
  const [isOn, setOn] = useState(false);
  const [leftAt, setLeftAt] = useState(0);
  const total = useRef(rows.total);
  total.current = rows.total;
  const start = useCallback(() => {
    setOn(true);
    list.current?.showEnd();
  }, [list]);
  const stop = useCallback(() => {
    setOn((was) => {
      if (was) setLeftAt(total.current);
      return false;
    });
  }, []);
  useFreshOverview(rows, overview, place);
  return {
    isOn: isOn && rows.growing,
    fresh: isOn || leftAt === 0 ? 0 : Math.max(0, rows.total - leftAt),
    start,
    stop,
    toggle: () => (isOn ? stop() : start()),
  };
}

function useFreshOverview(rows: LogRows, overview: LogOverview | undefined, place: LogPlace): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const { run, task, attempt } = place;
  const isStale = overview !== undefined && (rows.linesTotal > overview.lines || overview.growing !== rows.growing);
  useEffect(() => {
    if (!isStale || timer.current !== null) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      void client.invalidateQueries({ queryKey: overviewKey({ run, task, attempt }) });
    }, OVERVIEW_MS);
  }, [isStale, client, run, task, attempt]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
}
