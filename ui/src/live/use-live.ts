/** Hooks on the live stream: react to changes, or keep queries fresh because of them. */
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { LiveEvent } from "../api/schema";
import type { Connection } from "./events";
import { liveSource } from "./hub";

/** Calls `heard` with every batch of changes; `lagged` in it means: read everything anew. */
export function useLive(heard: (events: readonly LiveEvent[]) => void): void {
  const latest = useRef(heard);
  useEffect(() => {
    latest.current = heard;
  });
  useEffect(() => liveSource().onEvents((events) => latest.current(events)), []);
}

/** Reads `queryKey` anew after changes that `concerns` names, at most once in `everyMs`. */
export function useLiveRefresh(queryKey: QueryKey, concerns: (event: LiveEvent) => boolean, everyMs = 1_000): void {
  const client = useQueryClient();
  const pause = useRef<ReturnType<typeof setTimeout> | null>(null);
  const again = useRef(false);
  useEffect(
    () => () => {
      if (pause.current !== null) clearTimeout(pause.current);
    },
    [],
  );
  useLive((events) => {
    if (!events.some((event) => event.type === "lagged" || concerns(event))) return;
    if (pause.current !== null) {
      again.current = true;
      return;
    }
    const refresh = () => {
      void client.invalidateQueries({ queryKey });
      pause.current = setTimeout(() => {
        pause.current = null;
        if (again.current) {
          again.current = false;
          refresh();
        }
      }, everyMs);
    };
    refresh();
  });
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, connection);
}

const subscribe = (listener: () => void) => liveSource().onConnection(listener);
const connection = () => liveSource().connection();
