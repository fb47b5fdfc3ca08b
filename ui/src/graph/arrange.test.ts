import { describe, expect, test } from "vitest";
import { type Arrangement, arrange, fitting } from "./arrange";
import type { Open } from "./fold-state";
import type { DagShape, Layout, PlacedBox, PlacedNode } from "./model";
import { chain, fanOut, graphOf, grouped, layerCake, names, randomDag } from "./shapes";
import { buildWalk } from "./walk";

function arranged(graph: DagShape, open: Open = "first", seen: string[] = [], pageWidth = 1358): Arrangement {
  const widths = graph.tasks.map((task) => 120 + task.task_id.length * 4);
  return arrange({
    graph,
    open,
    mustSee: seen,
    widths,
    foldWidth: 190,
    page: { width: pageWidth, height: 520 },
    bars: false,
    boxed: true,
  });
}

type Frame = Pick<PlacedNode, "x" | "y" | "width" | "height">;

const overlap = (a: Frame, b: Frame) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const contains = (a: Frame, b: Frame) =>
  a.x <= b.x && a.y <= b.y && b.x + b.width <= a.x + a.width && b.y + b.height <= a.y + a.height;

function pairsOf<T>(things: readonly T[]): [T, T][] {
  return things.flatMap((a, index) => things.slice(index + 1).map((b): [T, T] => [a, b]));
}

function shownTasks(layout: Layout): string[] {
  return layout.nodes.flatMap((node) => node.tasks).sort();
}

const shapes: [string, DagShape][] = [
  ["nothing", { tasks: [], edges: [] }],
  ["one task", chain(1)],
  ["tasks without edges", graphOf(names("alone", 9), [])],
  ["a chain", chain(30)],
  ["a long chain", chain(300)],
  ["a fan", fanOut(5)],
  ["a wide fan", fanOut(300)],
  ["layers", layerCake(4, 5)],
  ["many layers", layerCake(40, 12)],
  ["groups", grouped(3, 4)],
  ["many groups", grouped(12, 40)],
  ...[1, 2, 3, 4, 5].map((seed): [string, DagShape] => [`random ${seed}`, randomDag(25 * seed, seed)]),
];

describe.each(shapes)("%s", (_, graph) => {
  describe.each(["first", "all"] as const)("with open: %s", (open) => {
    const { layout, open: keys } = arranged(graph, open);

    test("every task is in exactly one node", () => {
      expect(shownTasks(layout)).toEqual(graph.tasks.map((task) => task.task_id).sort());
    });

    test("keys are unique", () => {
      const all = [...layout.nodes, ...layout.boxes, ...layout.junctions].map((thing) => thing.key);
      expect(new Set(all).size).toBe(all.length);
    });

    test("no node lies on another, boxes nest or lie apart, all is on the page", () => {
      const page = { x: -0.5, y: -0.5, width: layout.width + 1, height: layout.height + 1 };
      expect(pairsOf(layout.nodes).filter(([a, b]) => overlap(a, b))).toEqual([]);
      const crossing = ([a, b]: [PlacedBox, PlacedBox]) => overlap(a, b) && !contains(a, b) && !contains(b, a);
      expect(pairsOf(layout.boxes).filter(crossing)).toEqual([]);
      for (const box of layout.boxes) {
        const strangers = layout.nodes.filter((node) => overlap(box, node) && !box.tasks.includes(node.tasks[0] ?? ""));
        expect(strangers).toEqual([]);
      }
      expect([...layout.nodes, ...layout.boxes].filter((thing) => !contains(page, thing))).toEqual([]);
    });

    test("lines join things that are there and begin and end at them", () => {
      const walk = buildWalk(layout);
      const spots = new Map([
        ...layout.nodes.map((node): [string, Frame] => [node.key, node]),
        ...layout.boxes.map((box): [string, Frame] => [box.key, box]),
        ...layout.junctions.map((junction): [string, Frame] => [junction.key, { ...junction, width: 0, height: 0 }]),
      ]);
      for (const edge of layout.edges) {
        const [from, to] = [spots.get(edge.source), spots.get(edge.target)];
        if (!from || !to) throw new Error(`${edge.key} joins nothing`);
        expect(edge.points.at(0)?.x).toBe(from.x + from.width);
        expect(edge.points.at(-1)?.x).toBe(to.x);
        expect(
          contains(
            { ...from, y: from.y - 1, height: from.height + 2 },
            { ...from, y: edge.points[0]?.y ?? 0, height: 0 },
          ),
        ).toBe(true);
      }
      for (const junction of layout.junctions) {
        expect(walk.out.get(junction.key)?.length).toBeGreaterThan(1);
        expect(walk.into.get(junction.key)?.length).toBeGreaterThan(1);
      }
    });

    test("the same again gives the same again", () => {
      expect(arranged({ ...graph }, keys).layout).toEqual(layout);
    });
  });

  test("at first no more than a crowd is in sight", () => {
    expect(arranged(graph).layout.nodes.length).toBeLessThanOrEqual(60);
  });
});

describe("folding", () => {
  test("up to 60 tasks nothing is folded, unless that would be too small to read", () => {
    const graph = randomDag(60, 1);
    expect(arranged(graph, "first", [], 0).layout.nodes.every((node) => node.kind === "task")).toBe(true);
    expect(arranged(layerCake(6, 5)).layout.nodes.every((node) => node.kind === "task")).toBe(true);
    const { layout } = arranged(grouped(6, 8));
    expect(layout.nodes.length).toBeLessThan(60);
    expect(fitting(layout, { width: 1358, height: 520 })).toBeGreaterThan(0.8);
  });

  test("a crowd of twins opens as one node with their name and number", () => {
    const { layout } = arranged(fanOut(500));
    expect(layout.nodes.map((node) => [node.kind, node.label, node.tasks.length])).toEqual([
      ["task", "start", 1],
      ["parallel", "load", 500],
      ["task", "finish", 1],
    ]);
  });

  test("groups of the author are folded before anything else", () => {
    const { layout } = arranged(grouped(30, 3));
    expect(layout.nodes.map((node) => node.label)).toEqual(
      Array.from({ length: 30 }, (_, index) => `Area ${index + 1}`),
    );
  });

  test("a task that must be seen is seen", () => {
    const { layout } = arranged(fanOut(500), "first", ["load_250"]);
    const node = layout.nodes.find((each) => each.key === "load_250");
    expect(node?.kind).toBe("task");
    expect(layout.nodes.length).toBeLessThan(120);
  });

  test("a folded node opens, and its tasks know what folds them back", () => {
    const first = arranged(grouped(30, 3));
    const opened = arranged(grouped(30, 3), [...first.open, "group:area_2"]);
    const inside = opened.layout.nodes.filter((node) => node.tasks[0]?.startsWith("area_2."));
    expect(inside.map((node) => node.parent)).toContain("group:area_2");
    expect(opened.layout.boxes.map((box) => box.key)).toContain("group:area_2");
    expect(opened.layout.nodes.length).toBeGreaterThan(first.layout.nodes.length);
  });

  test("nested groups are boxes in boxes, named by the last part of their path", () => {
    const graph: DagShape = {
      tasks: [
        { task_id: "a", group: "src" },
        { task_id: "b", group: "src.raw" },
        { task_id: "c", group: "src.raw" },
      ],
      edges: [
        { upstream: ["a"], downstream: ["b"] },
        { upstream: ["b"], downstream: ["c"] },
      ],
    };
    const { boxes } = arranged(graph).layout;
    expect(boxes.map((box) => [box.label, box.depth])).toEqual([
      ["src", 0],
      ["raw", 1],
    ]);
    expect(contains(boxes[0] as PlacedBox, boxes[1] as PlacedBox)).toBe(true);
  });

  test("a group that a path leaves and enters again has no box, and folded it has lines both ways", () => {
    const graph = graphOf(
      ["in_1", "out", "in_2"],
      [
        ["in_1", "out"],
        ["out", "in_2"],
      ],
    );
    const tasks = graph.tasks.map((task) => ({ ...task, group: task.task_id.startsWith("in") ? "in" : "" }));
    expect(arranged({ ...graph, tasks }).layout.boxes).toEqual([]);
    expect(
      arranged({ ...graph, tasks }, [])
        .layout.edges.map((edge) => edge.key)
        .sort(),
    ).toEqual(["group:in>out", "out>group:in"]);
  });
});

describe("form", () => {
  test("a hundred after a hundred is drawn with few lines, folded or not", () => {
    expect(arranged(layerCake(5, 100)).layout.edges.length).toBeLessThanOrEqual(4);
    expect(arranged(layerCake(5, 100), "all").layout.edges.length).toBeLessThanOrEqual(4);
  });

  test("what runs side by side stands in one box, one below the other, in the order of the DAG", () => {
    const { layout } = arranged(fanOut(3));
    const column = layout.nodes.filter((node) => node.label.startsWith("load"));
    expect(layout.boxes.map((box) => [box.kind, box.tasks])).toEqual([["parallel", ["load_1", "load_2", "load_3"]]]);
    expect(new Set(column.map((node) => node.x)).size).toBe(1);
    expect(column.map((node) => node.label)).toEqual(["load_1", "load_2", "load_3"]);
    expect(column[1]?.y).toBe(layout.nodes.find((node) => node.label === "start")?.y);
  });

  test("lines go from left to right", () => {
    const { layout } = arranged(randomDag(30, 2), "first", [], 0);
    for (const { points } of layout.edges) {
      points.forEach((point, index) => {
        expect(point.x).toBeGreaterThanOrEqual(points[index - 1]?.x ?? 0);
      });
    }
  });

  test("a small graph fills the page without being stretched beyond measure", () => {
    expect(arranged(chain(6)).layout.width).toBe(1358);
    expect(arranged(chain(2)).layout.width).toBeLessThan(640);
  });

  test("a long chain breaks into rows that fit the page nearly", () => {
    const { layout } = arranged(chain(40));
    expect(layout.width).toBeLessThanOrEqual(1358 * 1.3);
    expect(layout.height).toBeGreaterThan(4 * 46);
  });

  test("a mark does not move when a state changes: sizes come from names alone", () => {
    const graph = grouped(2, 3);
    expect(arranged(graph).layout).toEqual(
      arranged({ ...graph, tasks: graph.tasks.map((task) => ({ ...task })) }).layout,
    );
  });
});
