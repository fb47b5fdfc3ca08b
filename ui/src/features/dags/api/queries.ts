/** The list of DAGs in pages, what it can be narrowed to, and what a person may do to the chosen ones. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { Schemas } from "../../../api/schema";
import { LIST } from "../model/asked";

export type DagState = Schemas["DagState"];
export type Facets = Schemas["DagFacets"];

export interface Filters {
  q: string;
  tag: string;
  owner: string;
  state: DagState | "";
}

export const dagKeys = {
  all: ["dags"] as const,
  list: (filters: Filters) => [...dagKeys.all, "list", filters] as const,
  facets: () => [...dagKeys.all, "facets"] as const,
};

export function dagsQuery({ q, tag, owner, state }: Filters) {
  return infiniteQueryOptions({
    queryKey: dagKeys.list({ q, tag, owner, state }),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/dags", {
          params: {
            query: {
              ...LIST,
              search: q,
              tag,
              owner,
              ...(state ? { state } : {}),
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

export function facetsQuery() {
  return queryOptions({
    queryKey: dagKeys.facets(),
    queryFn: () => unwrap(api.GET("/dag-facets")),
  });
}

const dagPath = (dagId: string) => ({ path: { dag_id: dagId } });

export const trigger = (dagId: string) =>
  unwrap(
    api.POST("/dags/{dag_id}/runs", {
      params: dagPath(dagId),
      body: {
        params: {},
        logical_date: null,
        note: "",
        idempotency_key: null,
        countdown_s: null,
        expires_s: null,
      },
    }),
  );

export const pause = (dagId: string) =>
  unwrap(api.POST("/dags/{dag_id}/pause", { params: dagPath(dagId), body: { note: "" } }));

export const unpause = (dagId: string) =>
  unwrap(api.POST("/dags/{dag_id}/unpause", { params: dagPath(dagId), body: { note: "" } }));

export const muteDag = (dagId: string, until: string | null) =>
  unwrap(api.PUT("/mutes/{key}", { params: { path: { key: `dag:${dagId}` } }, body: { until, note: "" } }));
