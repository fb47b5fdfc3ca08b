import { describe, expect, test } from "vitest";
import type { TaskState } from "../api/schema";
import { arrange } from "./arrange";
import { graphFacts } from "./facts";
import { criticalOf, looksOf } from "./looks";
import type { DagShape } from "./model";
import { boxTitle, nodeFace } from "./node-face";
import { plainTexts } from "./plain-texts";
import { fanOut, graphOf, layerCake } from "./shapes";
import { spokenLine, unwritten } from "./spoken";
import { beyond, buildWalk } from "./walk";

const training = graphOf(
  ["drift", "train_1", "train_2", "evaluate", "cleanup"],
  [
    ["drift", "train_1"],
    ["drift", "train_2"],
    ["train_1", "evaluate"],
    ["train_2", "evaluate"],
    ["evaluate", "cleanup"],
  ],
);

function shown(graph: DagShape, states?: Record<string, TaskState>) {
  const widths = graph.tasks.map(() => 150);
  const page = { width: 1_358, height: 520 };
  const { layout } = arrange({ graph, open: "first", widths, foldWidth: 190, page, bars: false, boxed: true });
  const walk = buildWalk(layout);
  return { layout, walk, looks: looksOf(layout, walk, states && new Map(Object.entries(states))) };
}

const failed = { drift: "success", train_1: "success", train_2: "failed", evaluate: "upstream_failed" } as const;

describe("lines", () => {
  test("break where a task failed and are dry below", () => {
    const { looks } = shown(training, { ...failed, cleanup: "upstream_failed" });
    expect(Object.fromEntries(looks.edges)).toMatchObject({
      "drift>train_2": "plain",
      "train_2>evaluate": "broken",
      "train_1>evaluate": "plain",
      "evaluate>cleanup": "dry",
    });
    expect([...looks.dry].sort()).toEqual(["cleanup", "evaluate"]);
  });

  test("are fed while what stands below runs", () => {
    const { looks } = shown(training, { drift: "success", train_1: "running", train_2: "queued" });
    expect(looks.edges.get("drift>train_1")).toBe("fed");
    expect(looks.edges.get("drift>train_2")).toBe("plain");
    expect(looks.running).toBe(1);
  });

  test("break through junctions of many to many as well", () => {
    const graph = layerCake(2, 4);
    const states = Object.fromEntries(
      graph.tasks.map((task): [string, TaskState] => [
        task.task_id,
        task.task_id === "layer_1_2" ? "failed" : task.task_id.startsWith("layer_1") ? "success" : "upstream_failed",
      ]),
    );
    expect([...shown(graph, states).looks.edges.values()]).toContain("broken");
  });

  test("of the usual run say nothing", () => {
    const { walk, looks } = shown(training);
    expect(looks.edges.size).toBe(0);
    expect(criticalOf(walk, ["drift", "train_1"]).edges).toEqual(new Set(["drift>train_1"]));
  });
});

describe("nodes", () => {
  test("a mapped task shows how far it is", () => {
    const { layout, looks } = shown(training, { drift: "running" });
    const node = layout.nodes.find((each) => each.key === "drift");
    if (!node) throw new Error("drift is not shown");
    const progress = { done: 41, total: 64, failed: 2 };
    const face = nodeFace(node, looks.summaries.get("drift"), () => ({ progress, detail: "3 min" }), plainTexts);
    expect(face).toMatchObject({ title: "drift", state: "running", progress, detail: "41 of 64 · 3 min" });
  });

  test("a fold tells the worst and counts", () => {
    const graph = fanOut(100);
    const states = Object.fromEntries(
      graph.tasks.map((task, index): [string, TaskState] => [
        task.task_id,
        index < 40 ? "success" : index === 40 ? "failed" : "scheduled",
      ]),
    );
    const { layout, looks } = shown(graph, states);
    const fold = layout.nodes.find((node) => node.kind === "parallel");
    if (!fold) throw new Error("nothing is folded");
    const face = nodeFace(fold, looks.summaries.get(fold.key), undefined, plainTexts);
    expect(face).toMatchObject({ title: "load", state: "failed", detail: "40 of 100 · 1 failed" });
    expect(face.progress).toEqual({ done: 40, total: 100, failed: 1 });
  });

  test("a box names the pool that all in it share", () => {
    const { layout } = shown(training);
    const [box] = layout.boxes;
    if (!box) throw new Error("nothing is boxed");
    expect(boxTitle(box, () => "ml", new Map([["ml", 4]]), plainTexts)).toBe("2 in parallel · pool ml, 4 slots");
    expect(boxTitle(box, (task) => task, undefined, plainTexts)).toBe("2 in parallel");
  });

  test("are spoken with what stands before and behind them", () => {
    const { walk, layout, looks } = shown(training, { ...failed, cleanup: "upstream_failed" });
    const node = layout.nodes.find((each) => each.key === "train_2");
    if (!node) throw new Error("train_2 is not shown");
    const face = nodeFace(node, looks.summaries.get("train_2"), () => ({ detail: "try 2 of 2" }), plainTexts);
    const around = { after: beyond(walk, "train_2", "before"), before: beyond(walk, "train_2", "behind") };
    const rest = unwritten(face, around, false, (key) => key, plainTexts);
    expect(spokenLine(face, rest)).toBe("train_2, try 2 of 2, failed, after drift, before evaluate");
    const many = { after: ["a", "b", "c", "d", "e", "f", "g"], before: [] };
    expect(unwritten(face, many, true, (key) => key, plainTexts)).toContain("after a, b, c, d, e, 2 more");
  });
});

test("facts of a graph: how long it is and what is parallel", () => {
  expect(graphFacts(training)).toEqual({ steps: 4, parallel: ["train_1", "train_2"] });
  expect(graphFacts(graphOf([], []))).toEqual({ steps: 0, parallel: [] });
  expect(graphFacts(layerCake(3, 100)).steps).toBe(3);
});
