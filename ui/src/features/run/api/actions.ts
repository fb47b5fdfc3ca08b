/** What a person does to a run. Each answer is put into the cache at once; the live stream tells the rest. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import { runKeys } from "./queries";

export interface RetryOrder {
  /** Empty: all that failed. */
  tasks: readonly string[];
  downstream: boolean;
  params?: Record<string, unknown>;
}

export function useRetry(run: string) {
  return useRunAction(run, (order: RetryOrder) =>
    unwrap(
      api.POST("/runs/{run_id}/retry", {
        params: { path: { run_id: run } },
        body: { tasks: [...order.tasks], downstream: order.downstream, params: order.params ?? {}, dry_run: false },
      }),
    ),
  );
}

export function useCancel(run: string) {
  return useRunAction(run, (note: string) =>
    unwrap(api.POST("/runs/{run_id}/cancel", { params: { path: { run_id: run } }, body: { note } })),
  );
}

export interface MarkOrder {
  task: string;
  state: "success" | "failed" | "skipped";
  note: string;
}

export function useMark(run: string) {
  return useRunAction(run, (order: MarkOrder) =>
    unwrap(
      api.POST("/runs/{run_id}/mark", {
        params: { path: { run_id: run } },
        body: { tasks: [order.task], state: order.state, note: order.note },
      }),
    ),
  );
}

function useRunAction<Order, Answer>(run: string, act: (order: Order) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => client.invalidateQueries({ queryKey: runKeys.run(run) }),
  });
}
