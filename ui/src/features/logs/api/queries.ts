/** What the page of logs asks for besides the log itself: the run and the names of its tasks. */
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { TaskInstance } from "../../../api/schema";

export function runQuery(run: string) {
  return queryOptions({
    queryKey: ["run", run, "brief"],
    queryFn: ({ signal }) => unwrap(api.GET("/runs/{run_id}", { params: { path: { run_id: run } }, signal })),
  });
}

/** The tasks of one page of a thousand: a menu of more helps nobody. */
export function tasksQuery(run: string) {
  return queryOptions({
    queryKey: ["run", run, "log-tasks"],
    queryFn: async ({ signal }): Promise<TaskInstance[]> => {
      const page = await unwrap(
        api.GET("/runs/{run_id}/tasks", { params: { path: { run_id: run }, query: { limit: 1000 } }, signal }),
      );
      return page.items;
    },
  });
}
