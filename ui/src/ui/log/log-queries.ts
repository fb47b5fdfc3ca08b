/** What a log viewer asks the API for. */
import { queryOptions } from "@tanstack/react-query";
import { address } from "../../api/address";
import { api, unwrap } from "../../api/client";
import type { Schemas } from "../../api/schema";

export type Line = Schemas["NumberedLine"];
export type LogOverview = Schemas["LogOverview"];
export type LogMatches = Awaited<ReturnType<typeof search>>;
export type Level = "" | "info" | "warning" | "error";

/** Whose lines: of a try of a task (the last one without `attempt`), or of the whole run without `task`. */
export interface LogPlace {
  run: string;
  task?: string | undefined;
  attempt?: number | undefined;
}

export interface WindowAsked {
  fromRow?: number;
  fromLine?: number;
  lines: number;
  level: Level;
}

export function fetchWindow(place: LogPlace, asked: WindowAsked, signal?: AbortSignal): Promise<Schemas["LogWindow"]> {
  const query = {
    lines: asked.lines,
    ...(asked.level ? { level: asked.level } : {}),
    ...(asked.fromLine === undefined ? { from_row: asked.fromRow ?? 0 } : { from_line: asked.fromLine }),
  };
  const more = signal ? { signal } : {};
  if (!place.task)
    return unwrap(api.GET("/runs/{run_id}/logs/window", { params: { path: { run_id: place.run }, query }, ...more }));
  return unwrap(
    api.GET("/runs/{run_id}/tasks/{task_id}/logs/window", {
      params: { path: { run_id: place.run, task_id: place.task }, query: { ...query, ...tryOf(place) } },
      ...more,
    }),
  );
}

function tryOf(place: LogPlace): { attempt?: number } {
  return place.attempt === undefined ? {} : { attempt: place.attempt };
}

export function overviewKey(place: LogPlace) {
  return ["log", place.run, place.task ?? "", place.attempt ?? 0, "overview"] as const;
}

export function overviewQuery(place: LogPlace) {
  return queryOptions({
    queryKey: overviewKey(place),
    queryFn: ({ signal }): Promise<LogOverview> =>
      place.task
        ? unwrap(
            api.GET("/runs/{run_id}/tasks/{task_id}/logs/overview", {
              params: { path: { run_id: place.run, task_id: place.task }, query: tryOf(place) },
              signal,
            }),
          )
        : unwrap(api.GET("/runs/{run_id}/logs/overview", { params: { path: { run_id: place.run } }, signal })),
  });
}

export const MATCHES_MAX = 1_000;

export function searchQuery(place: LogPlace, q: string, isPattern: boolean, level: Level) {
  return queryOptions({
    queryKey: ["log", place.run, place.task ?? "", place.attempt ?? 0, "search", q, isPattern, level],
    queryFn: ({ signal }) => search(place, q, isPattern, level, signal),
    enabled: q !== "",
  });
}

function search(place: LogPlace, q: string, isPattern: boolean, level: Level, signal: AbortSignal) {
  const query = {
    q,
    limit: MATCHES_MAX,
    ...(isPattern ? { regex: true } : {}),
    ...(level ? { level } : {}),
    ...(place.task ? { task: place.task, ...tryOf(place) } : {}),
  };
  return unwrap(api.GET("/runs/{run_id}/logs/search", { params: { path: { run_id: place.run }, query }, signal }));
}

/** The address of the whole log as plain text. */
export function textAddress(place: LogPlace): string {
  return address(`api/v1${pathOf(place)}/text${place.attempt ? `?attempt=${place.attempt}` : ""}`);
}

/** The address of the lines to come, behind the first `offset` that pass the level. */
export function followAddress(place: LogPlace, offset: number, level: Level): string {
  const query = new URLSearchParams({ follow: "1", offset: `${offset}` });
  if (level) query.set("level", level);
  if (place.attempt) query.set("attempt", `${place.attempt}`);
  return address(`api/v1${pathOf(place)}?${query}`);
}

function pathOf(place: LogPlace): string {
  const run = `/runs/${encodeURIComponent(place.run)}`;
  return place.task ? `${run}/tasks/${encodeURIComponent(place.task)}/logs` : `${run}/logs`;
}
