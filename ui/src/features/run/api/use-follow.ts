/** While a task runs, its log grows without any event: an answer that stays open tells when. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { address } from "../../../api/address";
import { liveSource } from "../../../live/hub";
import { runKeys } from "./queries";

/** New lines are shown once in this time, however many come. */
const GATHER_MS = 700;
const AGAIN_MS = 2_000;

export function useFollow(run: string, task: string, attempt: number | undefined, enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const grown = () => {
      timer ??= setTimeout(() => {
        timer = null;
        void client.invalidateQueries({ queryKey: runKeys.part(run, "log", task) });
        void client.invalidateQueries({ queryKey: runKeys.part(run, "window", task) });
      }, GATHER_MS);
    };
    let turns = 0;
    const leave = liveSource().hold((signal) => {
      turns += 1;
      // What came since the last turn was told to nobody.
      if (turns > 1) grown();
      void follow(pathOf(run, task, attempt), signal, grown);
    });
    return () => {
      leave();
      if (timer !== null) clearTimeout(timer);
    };
  }, [client, run, task, attempt, enabled]);
}

/** Follows until its turn is over; a line that broke, as proxies break silent ones, is opened anew. */
async function follow(path: string, signal: AbortSignal, grown: () => void): Promise<void> {
  while (!signal.aborted) {
    if (liveSource().connection().state === "live") await read(path, signal, grown);
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

async function read(path: string, signal: AbortSignal, grown: () => void): Promise<void> {
  try {
    const answer = await fetch(address(path), { signal });
    const reader = answer.ok ? answer.body?.getReader() : undefined;
    while (reader && !(await reader.read()).done) grown();
  } catch {
    // The turn is over, or the line broke.
  }
}

function pathOf(run: string, task: string, attempt: number | undefined): string {
  const query = `follow=1&offset=-1${attempt ? `&attempt=${attempt}` : ""}`;
  return `api/v1/runs/${encodeURIComponent(run)}/tasks/${encodeURIComponent(task)}/logs?${query}`;
}
