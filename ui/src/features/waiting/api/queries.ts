/** What a task waits for. Pools and workers are shared by all runs, so any change of a task may concern it. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { Schemas } from "../../../api/schema";

export type Waiting = Schemas["Waiting"];
export type Condition = Schemas["Condition"];
export type WayOut = Schemas["WayOut"];

export const waitingKey = (run: string, task: string) => ["waiting", run, task] as const;

export function waitingQuery(run: string, task: string) {
  return queryOptions({
    queryKey: waitingKey(run, task),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/runs/{run_id}/tasks/{task_id}/waiting", { params: { path: { run_id: run, task_id: task } }, signal }),
      ),
    staleTime: 0,
  });
}

export function useCancelRun(run: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(api.POST("/runs/{run_id}/cancel", { params: { path: { run_id: run } }, body: { note: "" } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["waiting"] }),
  });
}
