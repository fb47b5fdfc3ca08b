/** While a task runs, its log grows without any event: one open answer of the server tells when. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { address } from "../../../api/address";
import { runKeys } from "./queries";

/** New lines are shown once in this time, however many come. */
const GATHER_MS = 700;

export function useFollow(run: string, task: string, attempt: number | undefined, enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const grown = () => {
      timer ??= setTimeout(() => {
        timer = null;
        void client.invalidateQueries({ queryKey: runKeys.part(run, "log", task) });
        void client.invalidateQueries({ queryKey: runKeys.part(run, "window", task) });
      }, GATHER_MS);
    };
    void follow(run, task, attempt, stop.signal, grown);
    return () => {
      stop.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [client, run, task, attempt, enabled]);
}

async function follow(
  run: string,
  task: string,
  attempt: number | undefined,
  signal: AbortSignal,
  grown: () => void,
): Promise<void> {
  const query = `follow=1&offset=-1${attempt ? `&attempt=${attempt}` : ""}`;
  const path = `api/v1/runs/${encodeURIComponent(run)}/tasks/${encodeURIComponent(task)}/logs?${query}`;
  try {
    const answer = await fetch(address(path), { signal });
    const reader = answer.ok ? answer.body?.getReader() : undefined;
    while (reader && !(await reader.read()).done) grown();
  } catch {
    // The page left, or the line broke: the next event of the task asks anew.
  }
}
