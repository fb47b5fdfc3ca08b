/** What each page asks the server for first: asked before the page's code has come. Pure. */

import type { Schemas } from "../api/schema";
import { LIST } from "../features/dags/model/asked";
import { homeSpan, startsUntil, timelineSpan } from "../features/now/model/asked";
import type { ZoneChoice } from "../preferences/kept";

export interface Ask {
  path: string;
  query?: Record<string, string | number | boolean>;
  /** What is asked once that answer is there. */
  onward?: (answer: unknown) => Ask[];
}

/** `page`: as the router writes its address; `names`: what stands in it. A list that is narrowed down asks by itself. */
export function firstAsks(
  page: string,
  names: Record<string, string>,
  search: string,
  now: number,
  zone: ZoneChoice,
): Ask[] {
  const of = (name: string) => encodeURIComponent(names[name] ?? "");
  switch (page) {
    case "/":
      return [
        { path: "now", query: homeSpan(now, zone) },
        ...(search ? [] : [{ path: "timeline", query: timelineSpan("12h", now) }]),
        { path: "upcoming", query: startsUntil(now) },
      ];
    case "/dags":
      return search ? [] : [{ path: "dags", query: LIST }, { path: "dag-facets" }];
    case "/dags/$dag":
      return [
        { path: `dags/${of("dag")}` },
        { path: `dags/${of("dag")}/standing` },
        { path: `dags/${of("dag")}/usual` },
      ];
    case "/dags/$dag/$tab":
      return [{ path: `dags/${of("dag")}` }, { path: `dags/${of("dag")}/standing` }];
    case "/runs/$run":
      return [{ path: `runs/${of("run")}/story`, onward: graphOf }, tasksOf(`runs/${of("run")}/tasks`, {})];
    default:
      return [];
  }
}

/** The graph of the version that ran. */
function graphOf(story: unknown): Ask[] {
  const { run } = story as Schemas["RunStory"];
  return [{ path: `dags/${encodeURIComponent(run.dag_id)}`, query: { bundle: run.bundle } }];
}

const PAGE = 1000;

/** The tasks of a large run come in pages. */
function tasksOf(path: string, from: Record<string, string>): Ask {
  const next = (answer: unknown) => {
    const { next_cursor: cursor } = answer as { next_cursor: string | null };
    return cursor === null ? [] : [tasksOf(path, { cursor })];
  };
  return { path, query: { limit: PAGE, ...from }, onward: next };
}
