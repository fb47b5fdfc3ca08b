/** What the home asks for; each query has the span in its key, so that another day is another answer. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { Schemas } from "../../../api/schema";
import type { homeSpan, startsUntil, timelineSpan } from "../model/asked";

export type Now = Schemas["Now"];
export type Need = Schemas["Need"];
export type Mute = Schemas["Mute"];
export type Timeline = Schemas["Timeline"];
export type Lane = Schemas["Lane"];
export type UpcomingStarts = Schemas["UpcomingStarts"];

export const homeKeys = {
  /** All that counts what needs a person: the home, and the number beside its name in the bar. */
  counted: ["now"] as const,
  now: ["now", "home"] as const,
  upcoming: ["upcoming"] as const,
  timeline: ["timeline"] as const,
};

export function nowQuery(query: ReturnType<typeof homeSpan>) {
  return queryOptions({
    queryKey: [...homeKeys.now, query.since],
    queryFn: () => unwrap(api.GET("/now", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function upcomingQuery(query: ReturnType<typeof startsUntil>) {
  return queryOptions({
    queryKey: [...homeKeys.upcoming, query.until],
    queryFn: () => unwrap(api.GET("/upcoming", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

export function timelineQuery(query: ReturnType<typeof timelineSpan>) {
  return queryOptions({
    queryKey: [...homeKeys.timeline, query.since, query.until],
    queryFn: () => unwrap(api.GET("/timeline", { params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** Below what is counted, so that a mute or its end is seen in all of it. */
export function mutesQuery() {
  return queryOptions({
    queryKey: [...homeKeys.counted, "mutes"],
    queryFn: ({ signal }) => unwrap(api.GET("/mutes", { signal })),
  });
}

export const retry = (runId: string) =>
  unwrap(
    api.POST("/runs/{run_id}/retry", {
      params: { path: { run_id: runId } },
      body: { tasks: [], downstream: true, dry_run: false, params: {} },
    }),
  );

export const mute = (key: string, until: string | null) =>
  unwrap(api.PUT("/mutes/{key}", { params: { path: { key } }, body: { until, note: "" } }));

export const unmute = (key: string) => unwrap(api.DELETE("/mutes/{key}", { params: { path: { key } } }));
