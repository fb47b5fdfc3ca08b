/** What the pages of a DAG ask for, with their keys. Everything of one DAG stands below `dagKeys.dag(id)`. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { RunState, Schemas } from "../../../api/schema";

export const dagKeys = {
  dag: (dag: string) => ["dag", dag] as const,
  part: (dag: string, part: string, ...more: (string | number)[]) => ["dag", dag, part, ...more] as const,
};

const at = (dag: string) => ({ params: { path: { dag_id: dag } } });

export function dagQuery(dag: string) {
  return queryOptions({
    queryKey: dagKeys.part(dag, "view"),
    queryFn: ({ signal }) => unwrap(api.GET("/dags/{dag_id}", { ...at(dag), signal })),
  });
}

export function standingQuery(dag: string) {
  return queryOptions({
    queryKey: dagKeys.part(dag, "standing"),
    queryFn: ({ signal }) => unwrap(api.GET("/dags/{dag_id}/standing", { ...at(dag), signal })),
  });
}

export function usualQuery(dag: string) {
  return queryOptions({
    queryKey: dagKeys.part(dag, "usual"),
    queryFn: ({ signal }) => unwrap(api.GET("/dags/{dag_id}/usual", { ...at(dag), signal })),
  });
}

/** `before`: the cursor of a grid; its runs lie before those of that one. */
export function gridQuery(dag: string, runs: number, before: string | undefined) {
  const query = { runs, ...(before ? { before: Number(before) } : {}) };
  return queryOptions({
    queryKey: dagKeys.part(dag, "grid", runs, before ?? ""),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/dags/{dag_id}/grid", { params: { path: { dag_id: dag }, query }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** The numbers of the results of the newest `runs` runs. */
export function metricsQuery(dag: string, runs: number) {
  return queryOptions({
    queryKey: dagKeys.part(dag, "metrics", runs),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/dags/{dag_id}/metrics", { params: { path: { dag_id: dag }, query: { runs } }, signal })),
  });
}

export function nextQuery(dag: string, limit: number) {
  return queryOptions({
    queryKey: dagKeys.part(dag, "next", limit),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/dags/{dag_id}/next", { params: { path: { dag_id: dag }, query: { limit } }, signal })),
  });
}

export function missedQuery(dag: string) {
  return queryOptions({
    queryKey: dagKeys.part(dag, "catchup"),
    queryFn: ({ signal }) => unwrap(api.GET("/dags/{dag_id}/catchup", { ...at(dag), signal })),
  });
}

export function calendarQuery(dag: string, year: number | undefined) {
  const query = year === undefined ? {} : { year };
  return queryOptions({
    queryKey: dagKeys.part(dag, "calendar", year ?? 0),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/dags/{dag_id}/calendar", { params: { path: { dag_id: dag }, query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function versionsQuery(dag: string) {
  return queryOptions({
    queryKey: dagKeys.part(dag, "versions"),
    queryFn: ({ signal }) => unwrap(api.GET("/dags/{dag_id}/versions", { ...at(dag), signal })),
  });
}

/** The code of a version never changes. */
export function sourceQuery(dag: string, bundle: string) {
  return queryOptions({
    queryKey: ["source", dag, bundle],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/dags/{dag_id}/source", { params: { path: { dag_id: dag }, query: { bundle } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: bundle !== "",
  });
}

const PAGE = 100;

export function runsQuery(dag: string, state: RunState | undefined) {
  return infiniteQueryOptions({
    queryKey: dagKeys.part(dag, "runs", state ?? ""),
    queryFn: ({ pageParam, signal }) => {
      const query = {
        dag_id: dag,
        limit: PAGE,
        ...(state ? { state } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(api.GET("/runs", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: (page: Schemas["CountedPage_Run_"]) => page.next_cursor ?? undefined,
  });
}

export function runTasksQuery(run: string | undefined) {
  return queryOptions({
    queryKey: ["run", run ?? "", "tasks-of-last"],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/runs/{run_id}/tasks", { params: { path: { run_id: run ?? "" }, query: { limit: 1000 } }, signal }),
      ),
    enabled: run !== undefined,
  });
}

/** For the card of a cell: its attempts, asked for once it is looked at for a moment. */
export function cellQuery(run: string, task: string, enabled: boolean) {
  return queryOptions({
    queryKey: ["run", run, "attempts", task],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/runs/{run_id}/tasks/{task_id}/attempts", {
          params: { path: { run_id: run, task_id: task } },
          signal,
        }),
      ),
    staleTime: 60_000,
    enabled,
  });
}
