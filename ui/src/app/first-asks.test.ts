import { expect, it } from "vitest";
import { firstAsks } from "./first-asks";
import { PAGES, pageAt } from "./pages";

const NOW = Date.parse("2026-11-25T08:10:00Z");

function asked(path: string, search = "") {
  const found = pageAt(path);
  return found ? firstAsks(found.page.path, found.names, search, NOW, "utc") : [];
}

it("knows the page of an address and the names in it", () => {
  expect(pageAt("/")?.page.path).toBe("/");
  expect(pageAt("/dags/etl%2Fnight/runs")).toMatchObject({
    page: { path: "/dags/$dag/$tab" },
    names: { dag: "etl/night", tab: "runs" },
  });
  expect(pageAt("/runs/r.1/logs")?.page.path).toBe("/runs/$run/logs");
  expect(pageAt("/nowhere/at/all/here")).toBeNull();
  expect(new Set(PAGES.map((page) => page.path)).size).toBe(PAGES.length);
});

it("asks for the span that the home shows", () => {
  const [now, timeline, upcoming] = asked("/");
  expect(now).toEqual({ path: "now", query: { since: "2026-11-25T00:00:00.000Z" } });
  expect(timeline?.query).toMatchObject({ since: "2026-11-25T03:00:00.000Z", until: "2026-11-25T15:00:00.000Z" });
  expect(upcoming?.query).toMatchObject({ until: "2026-11-25T20:00:00.000Z", each_once: true });
});

it("leaves a list that is narrowed down to its page", () => {
  expect(asked("/dags").map((one) => one.path)).toEqual(["dags", "dag-facets"]);
  expect(asked("/dags", "?q=price")).toEqual([]);
});

it("goes on from a run to its graph, and from page to page of its tasks", () => {
  const [story, tasks] = asked("/runs/a%2Fb.1");
  expect(story?.path).toBe("runs/a%2Fb.1/story");
  expect(story?.onward?.({ run: { dag_id: "a/b", bundle: "f00" } })).toEqual([
    { path: "dags/a%2Fb", query: { bundle: "f00" } },
  ]);
  const [second] = tasks?.onward?.({ next_cursor: "1000" }) ?? [];
  expect(second).toMatchObject({ path: "runs/a%2Fb.1/tasks", query: { limit: 1000, cursor: "1000" } });
  expect(second?.onward?.({ next_cursor: null })).toEqual([]);
});
