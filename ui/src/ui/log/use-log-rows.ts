/** The rows of a log for React: started with the component, read anew when the connection is back. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useConnection } from "../../live/use-live";
import type { Level, LogPlace } from "./log-queries";
import { LogRows } from "./log-rows";

export function useLogRows(place: LogPlace, level: Level): LogRows {
  const { run, task, attempt } = place;
  const rows = useMemo(() => new LogRows({ run, task, attempt }, level), [run, task, attempt, level]);
  useEffect(() => {
    rows.start();
    return () => rows.stop();
  }, [rows]);
  useSyncExternalStore(rows.subscribe, () => rows.version);
  const connection = useConnection();
  const liveSince = connection.state === "live" ? connection.since : 0;
  useEffect(() => {
    if (liveSince && rows.isReady) void rows.refresh();
  }, [liveSince, rows]);
  return rows;
}
