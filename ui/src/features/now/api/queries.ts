/** What the home asks for; each query has the span in its key, so that another day is another answer. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "../../../api/client";
import type { Schemas } from "../../../api/schema";

export type Now = Schemas["Now"];
export type Need = Schemas["Need"];
export type Timeline = Schemas["Timeline"];
export type Lane = Schemas["Lane"];
export type UpcomingStarts = Schemas["UpcomingStarts"];

export const homeKeys = {
  now: ["now"] as const,
  upcoming: ["upcoming"] as const,
  timeline: ["timeline"] as const,
};

const STARTS_SHOWN = 8;

export function nowQuery(since: string) {
  return queryOptions({
    queryKey: [...homeKeys.now, since],
    queryFn: () => unwrap(api.GET("/now", { params: { query: { since } } })),
    placeholderData: keepPreviousData,
  });
}

export function upcomingQuery(until: string) {
  return queryOptions({
    queryKey: [...homeKeys.upcoming, until],
    queryFn: () => unwrap(api.GET("/upcoming", { params: { query: { until, limit: STARTS_SHOWN, each_once: true } } })),
    placeholderData: keepPreviousData,
  });
}

export function timelineQuery(since: string, until: string) {
  return queryOptions({
    queryKey: [...homeKeys.timeline, since, until],
    queryFn: () => unwrap(api.GET("/timeline", { params: { query: { since, until, limit: LANES_MAX } } })),
    placeholderData: keepPreviousData,
  });
}

const LANES_MAX = 60;

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
