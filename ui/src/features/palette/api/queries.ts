/** What the palette asks for: hits of the search, and what can be done to the run or DAG that is open. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { Schemas } from "../../../api/schema";

export type Found = Schemas["Found"];

const HITS = 14;

export function searchQuery(q: string) {
  return queryOptions({
    queryKey: ["search", q],
    queryFn: ({ signal }) => unwrap(api.GET("/search", { params: { query: { q, limit: HITS } }, signal })),
    placeholderData: keepPreviousData,
    enabled: q.length > 0,
    staleTime: 10_000,
  });
}

export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ["palette", "run", runId],
    queryFn: () => unwrap(api.GET("/runs/{run_id}", { params: { path: { run_id: runId }, query: {} } })),
    enabled: runId !== "",
  });
}

/** What a retry of all that failed would do; a run with nothing to retry has no price. */
export function retryPriceQuery(runId: string) {
  return queryOptions({
    queryKey: ["palette", "price", runId],
    queryFn: () => postRetry(runId, true).catch(() => null),
    enabled: runId !== "",
  });
}

const postRetry = (runId: string, isDry: boolean) =>
  unwrap(
    api.POST("/runs/{run_id}/retry", {
      params: { path: { run_id: runId } },
      body: { tasks: [], downstream: true, dry_run: isDry, params: {} },
    }),
  );

export const retryRun = (runId: string) => postRetry(runId, false);

export const cancelRun = (runId: string) =>
  unwrap(api.POST("/runs/{run_id}/cancel", { params: { path: { run_id: runId } }, body: { note: "" } }));

export function dagQuery(dagId: string) {
  return queryOptions({
    queryKey: ["palette", "dag", dagId],
    queryFn: () => unwrap(api.GET("/dags/{dag_id}", { params: { path: { dag_id: dagId }, query: {} } })),
    enabled: dagId !== "",
  });
}

export const setPaused = (dagId: string, isPaused: boolean) => {
  const params = { path: { dag_id: dagId } };
  return isPaused
    ? unwrap(api.POST("/dags/{dag_id}/pause", { params, body: { note: "" } }))
    : unwrap(api.POST("/dags/{dag_id}/unpause", { params, body: { note: "" } }));
};
