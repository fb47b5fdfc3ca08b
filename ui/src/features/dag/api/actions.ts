/** What a person does to a DAG: pause, let go, start a run. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import { dagKeys } from "./queries";

export function usePause(dag: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ pause, note }: { pause: boolean; note: string }) => {
      const order = { params: { path: { dag_id: dag } }, body: { note } };
      return unwrap(pause ? api.POST("/dags/{dag_id}/pause", order) : api.POST("/dags/{dag_id}/unpause", order));
    },
    onSettled: () => client.invalidateQueries({ queryKey: dagKeys.dag(dag) }),
  });
}

export interface TriggerOrder {
  params: Record<string, unknown>;
  logicalDate: string | null;
  note: string;
}

export function useTrigger(dag: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ params, logicalDate, note }: TriggerOrder) =>
      unwrap(
        api.POST("/dags/{dag_id}/runs", {
          params: { path: { dag_id: dag } },
          body: {
            params,
            note,
            logical_date: logicalDate,
            countdown_s: null,
            expires_s: null,
            idempotency_key: null,
          },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: dagKeys.dag(dag) }),
  });
}
