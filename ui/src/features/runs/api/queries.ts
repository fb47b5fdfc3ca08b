/** Runs over all DAGs in pages, newest first. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { RunState } from "../../../api/schema";

export const SPANS = ["day", "week", "month"] as const;
export type Span = (typeof SPANS)[number];

export interface Filters {
  dag: string;
  state: RunState | "";
  span: Span | "";
}

export const runKeys = {
  lists: () => ["runs", "list"] as const,
  list: (filters: Filters) => [...runKeys.lists(), filters] as const,
};

const PAGE = 100;
const DAY_MS = 86_400_000;
const DAYS: Record<Span, number> = { day: 1, week: 7, month: 30 };

export function runsQuery({ dag, state, span }: Filters) {
  return infiniteQueryOptions({
    queryKey: runKeys.list({ dag, state, span }),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/runs", {
          params: {
            query: {
              limit: PAGE,
              ...(dag ? { dag_id: dag } : {}),
              ...(state ? { state } : {}),
              ...(span ? { since: new Date(Date.now() - DAYS[span] * DAY_MS).toISOString() } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}
