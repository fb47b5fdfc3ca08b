/** What holds for any DAG, tried on many: seeds are fixed, so that a failure comes back. */
import { describe, expect, test } from "vitest";
import { type Arrangement, arrange } from "./arrange";
import type { Open } from "./fold-state";
import type { DagShape, PlacedNode } from "./model";
import { generator } from "./shapes";
import { streamRows } from "./stream-rows";
import { shortened, textWidth } from "./text-width";
import { buildWalk } from "./walk";

const SEEDS = Array.from({ length: 24 }, (_, seed) => seed + 1);

/** Any number of tasks, some in groups, edges one to one and many to many, names of any length. */
function anyDag(seed: number): DagShape {
  const next = generator(seed);
  const below = (most: number) => Math.floor(next() * most);
  const count = 1 + below(seed % 6 === 0 ? 140 : 40);
  const groups = below(4);
  const tasks = Array.from({ length: count }, (_, index) => ({
    task_id: `${"x".repeat(1 + below(30))}_${index}`,
    ...(groups > 0 && next() < 0.6 ? { group: `g${Math.floor((index * groups) / count)}` } : {}),
  }));
  const name = (index: number) => tasks[index]?.task_id ?? "";
  const edges = Array.from({ length: below(count * 2) }, () => {
    const middle = below(count);
    const upstream = Array.from({ length: 1 + below(4) }, () => name(below(middle)));
    const downstream = Array.from({ length: 1 + below(4) }, () => name(middle + below(count - middle)));
    return { upstream: middle === 0 ? [] : upstream, downstream };
  });
  return { tasks, edges };
}

function arranged(graph: DagShape, open: Open, width = 1_342): Arrangement {
  const widths = graph.tasks.map((task) => textWidth(task.task_id, 14, true) + 52);
  return arrange({ graph, open, widths, foldWidth: 206, page: { width, height: 504 }, bars: true, boxed: true });
}

/** Pairs that overlap, found by sweeping from left to right. */
function overlapping(nodes: readonly PlacedNode[]): [string, string][] {
  const sorted = nodes.toSorted((a, b) => a.x - b.x);
  return sorted.flatMap((a, index) => {
    const found: [string, string][] = [];
    for (const b of sorted.slice(index + 1)) {
      if (b.x >= a.x + a.width) break;
      if (a.y < b.y + b.height && b.y < a.y + a.height) found.push([a.key, b.key]);
    }
    return found;
  });
}

describe.each(SEEDS)("DAG %i", (seed) => {
  const graph = anyDag(seed);
  const ids = graph.tasks.map((task) => task.task_id).sort();

  test.each(["first", "all"] as const)("open: %s", (open) => {
    const { layout } = arranged(graph, open);
    expect(layout.nodes.flatMap((node) => node.tasks).sort()).toEqual(ids);
    expect(overlapping(layout.nodes)).toEqual([]);
    expect(layout.nodes.every((node) => node.x >= 0 && node.y >= 0 && node.width > 0)).toBe(true);
    const rows = streamRows(buildWalk(layout), new Set(), new Set());
    expect(rows.map((row) => row.node.key).sort()).toEqual(layout.nodes.map((node) => node.key).sort());
    expect(arranged({ ...graph }, open).layout).toEqual(layout);
  });

  test("unbroken, every line goes from left to right, unless a group is left and entered again", () => {
    const { layout } = arranged({ ...graph, tasks: graph.tasks.map(({ task_id }) => ({ task_id })) }, "all", 0);
    for (const { points } of layout.edges) {
      points.forEach((point, index) => {
        expect(point.x).toBeGreaterThanOrEqual(points[index - 1]?.x ?? 0);
      });
    }
  });

  test("folds open and close one by one without losing a task", () => {
    const { open } = arranged(graph, "all");
    for (let kept = open; kept.length > 0; kept = kept.slice(Math.ceil(kept.length / 3))) {
      const { layout } = arranged(graph, kept);
      expect(layout.nodes.flatMap((node) => node.tasks).sort()).toEqual(ids);
    }
  });
});

test("a name is cut in its middle, where names differ the least", () => {
  expect(shortened("load_orders", 500, 14)).toBe("load_orders");
  const cut = shortened("extract_customers_of_the_northern_branch", 120, 14);
  expect(cut).toMatch(/^extr.*….*branch$/);
  expect(textWidth(cut, 14)).toBeLessThanOrEqual(120);
});
