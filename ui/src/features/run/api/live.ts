/** Keeps the run's data as it is on the server: states at once, what is derived from them a moment later. */
import { useQueryClient } from "@tanstack/react-query";
import type { LiveEvent, TaskInstance } from "../../../api/schema";
import { useLive, useLiveRefresh } from "../../../live/use-live";
import { runKeys } from "./queries";

/** A run of this many tasks is read anew less often: each reading costs the server and the page. */
const LARGE = 1_000;

export function useLiveRun(run: string, tasks: number): void {
  const client = useQueryClient();
  const concerns = (event: LiveEvent) => event.type !== "dags" && event.type !== "lagged" && event.run_id === run;
  useLive((events) => {
    const moved = new Map(
      events.flatMap((event) => (event.type === "task" && event.run_id === run ? [[event.task_id, event]] : [])),
    );
    if (moved.size === 0) return;
    client.setQueryData<TaskInstance[]>(runKeys.part(run, "tasks"), (known) =>
      known?.map((task) => {
        const event = moved.get(task.task_id);
        return event ? { ...task, state: event.state, try_number: event.try_number } : task;
      }),
    );
  });
  useLiveRefresh(runKeys.run(run), concerns, tasks > LARGE ? 5_000 : 1_000);
}
