/** What the page of a run asks for, with its keys. Everything of one run stands below `runKeys.run(id)`. */
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { TaskInstance } from "../../../api/schema";
import type { AttemptSpan } from "../model/types";

export const runKeys = {
  run: (run: string) => ["run", run] as const,
  part: (run: string, part: string, ...more: (string | number)[]) => ["run", run, part, ...more] as const,
};

const at = (run: string) => ({ params: { path: { run_id: run } } });

export function storyQuery(run: string) {
  return queryOptions({
    queryKey: runKeys.part(run, "story"),
    queryFn: ({ signal }) => unwrap(api.GET("/runs/{run_id}/story", { ...at(run), signal })),
  });
}

/** Differences cost a look at code and results: asked for once, and again when the run ends. */
export function changesQuery(run: string) {
  return queryOptions({
    queryKey: runKeys.part(run, "changes"),
    queryFn: ({ signal }) => unwrap(api.GET("/runs/{run_id}/changes", { ...at(run), signal })),
    staleTime: 60_000,
  });
}

export function tasksQuery(run: string) {
  return queryOptions({
    queryKey: runKeys.part(run, "tasks"),
    queryFn: async ({ signal }): Promise<TaskInstance[]> => {
      const found: TaskInstance[] = [];
      for (let cursor: number | undefined; ; ) {
        const query = { limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
        const page = await unwrap(
          api.GET("/runs/{run_id}/tasks", { params: { path: { run_id: run }, query }, signal }),
        );
        found.push(...page.items);
        if (!page.next_cursor) return found;
        cursor = Number(page.next_cursor);
      }
    },
  });
}

/** Every attempt on the time axis; of a very large run the first ones. */
export const SPANS_MAX = 20_000;

export function spansQuery(run: string) {
  return queryOptions({
    queryKey: runKeys.part(run, "spans"),
    queryFn: async ({ signal }): Promise<AttemptSpan[]> => {
      const found: AttemptSpan[] = [];
      for (let cursor: string | undefined; found.length < SPANS_MAX; ) {
        const query = { limit: 5000, ...(cursor === undefined ? {} : { cursor }) };
        const page = await unwrap(
          api.GET("/runs/{run_id}/attempts", { params: { path: { run_id: run }, query }, signal }),
        );
        found.push(...page.items);
        if (!page.next_cursor) return found;
        cursor = page.next_cursor;
      }
      return found;
    },
  });
}

/** The graph of the run's own version never changes. */
export function graphQuery(dag: string, bundle: string) {
  return queryOptions({
    queryKey: ["graph", dag, bundle],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/dags/{dag_id}", { params: { path: { dag_id: dag }, query: { bundle } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: dag !== "",
  });
}

export function poolsQuery() {
  return queryOptions({
    queryKey: ["pools", "slots"],
    queryFn: ({ signal }) => unwrap(api.GET("/pools", { signal })),
    staleTime: 60_000,
  });
}

const ofTask = (run: string, task: string) => ({ params: { path: { run_id: run, task_id: task } } });

export function attemptsQuery(run: string, task: string) {
  return queryOptions({
    queryKey: runKeys.part(run, "attempts", task),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/runs/{run_id}/tasks/{task_id}/attempts", { ...ofTask(run, task), signal })),
    enabled: task !== "",
  });
}

/** The result of a task, or null when it has none. */
export function resultQuery(run: string, task: string, exists: boolean) {
  return queryOptions({
    queryKey: runKeys.part(run, "result", task),
    queryFn: async ({ signal }) => {
      const params = { path: { run_id: run, task_id: task }, query: { optional: true } };
      const found = await unwrap(api.GET("/runs/{run_id}/tasks/{task_id}/result", { params, signal }));
      return found ?? null;
    },
    enabled: task !== "" && exists,
  });
}

/** What the run made for people to open. */
export function filesQuery(run: string) {
  return queryOptions({
    queryKey: runKeys.part(run, "files"),
    queryFn: ({ signal }) => unwrap(api.GET("/runs/{run_id}/files", { ...at(run), signal })),
  });
}

export function overviewQuery(run: string, task: string, attempt: number | undefined) {
  const query = attempt === undefined ? {} : { attempt };
  return queryOptions({
    queryKey: runKeys.part(run, "log", task, attempt ?? 0),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/runs/{run_id}/tasks/{task_id}/logs/overview", {
          params: { path: { run_id: run, task_id: task }, query },
          signal,
        }),
      ),
    enabled: task !== "",
  });
}

/** `lines` log lines from line `from` on (counted from 1), or the last ones when `from` is negative. */
export function windowQuery(run: string, task: string, attempt: number | undefined, from: number, lines: number) {
  const query = {
    lines,
    ...(from < 0 ? { from_row: from } : { from_line: Math.max(1, from) }),
    ...(attempt === undefined ? {} : { attempt }),
  };
  return queryOptions({
    queryKey: runKeys.part(run, "window", task, attempt ?? 0, from, lines),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/runs/{run_id}/tasks/{task_id}/logs/window", {
          params: { path: { run_id: run, task_id: task }, query },
          signal,
        }),
      ),
    enabled: task !== "",
  });
}
