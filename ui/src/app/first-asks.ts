/** What each page asks the server for first: asked before the page's code has come. Pure. */
import { LIST } from "../features/dags/model/asked";
import { homeSpan, startsUntil, timelineSpan } from "../features/now/model/asked";
import type { ZoneChoice } from "../preferences/kept";

export interface Ask {
  path: string;
  query?: Record<string, string | number | boolean>;
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
      return [{ path: `runs/${of("run")}/story` }, { path: `runs/${of("run")}/tasks`, query: { limit: 1000 } }];
    default:
      return [];
  }
}
