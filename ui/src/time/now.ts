/** One shared tick for everything that shows "ago" or counts up: it stands still while the page is not live or hidden. */
import { useSyncExternalStore } from "react";
import { liveSource } from "../live/hub";

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | null = null;
let at = Date.now();

/** Milliseconds since the epoch, anew each second; frozen at the moment when the live stream was lost. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => at);
}

/** What `select` makes of the present; renders anew only when that changes, which is seldomer than each second. */
export function useNowOf<T extends string | number | boolean>(select: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => select(at));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= start();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && ticking !== null) {
      clearInterval(ticking);
      ticking = null;
    }
  };
}

function start(): ReturnType<typeof setInterval> {
  at = Date.now();
  return setInterval(() => {
    if (document.hidden || liveSource().connection().state === "lost") return;
    at = Date.now();
    for (const listener of [...listeners]) listener();
  }, TICK_MS);
}
