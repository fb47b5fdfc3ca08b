import { describe, expect, test } from "vitest";
import { arrange } from "./arrange";
import type { DagShape } from "./model";
import { chain, fanOut, graphOf, layerCake } from "./shapes";
import { streamRows } from "./stream-rows";
import { beyond, buildWalk, linesOf, step } from "./walk";

function walkOf(graph: DagShape) {
  const widths = graph.tasks.map(() => 150);
  return buildWalk(
    arrange({
      graph,
      open: "first",
      widths,
      foldWidth: 190,
      page: { width: 1358, height: 520 },
      bars: false,
      boxed: true,
    }).layout,
  );
}

const training = graphOf(
  ["features", "drift", "train_1", "train_2", "train_3", "evaluate", "cleanup"],
  [
    ["features", "drift"],
    ...["train_1", "train_2", "train_3"].flatMap((task): [string, string][] => [
      ["drift", task],
      [task, "evaluate"],
    ]),
    ["evaluate", "cleanup"],
  ],
);
const path = ["features", "drift", "train_1", "evaluate", "cleanup"];

describe("walking the graph with arrow keys", () => {
  const walk = walkOf(training);
  const none = new Set<string>();

  test("right and left go along lines, on the critical path where there is one", () => {
    expect(step(walk, "features", "right", none)).toBe("drift");
    expect(step(walk, "drift", "right", none)).toBe("train_2");
    expect(step(walk, "drift", "right", new Set(["train_3"]))).toBe("train_3");
    expect(step(walk, "train_1", "left", none)).toBe("drift");
  });

  test("up and down stay among what is side by side", () => {
    expect(step(walk, "train_2", "up", none)).toBe("train_1");
    expect(step(walk, "train_2", "down", none)).toBe("train_3");
  });

  test("at an end there is nowhere to go", () => {
    expect(step(walk, "features", "left", none)).toBe("");
    expect(step(walk, "cleanup", "right", none)).toBe("");
    expect(step(walk, "train_1", "up", none)).toBe("");
    expect(step(walk, "no_such_task", "up", none)).toBe("");
  });

  test("junctions and the borders of grids are passed through", () => {
    const layers = walkOf(layerCake(2, 4));
    expect(beyond(layers, "layer_1_1", "behind")).toEqual(["layer_2_1", "layer_2_2", "layer_2_3", "layer_2_4"]);
    const fan = walkOf(fanOut(20));
    expect(step(fan, "start", "right", none)).toMatch(/^load_/);
    expect(step(fan, "load_07", "right", none)).toBe("finish");
    expect(step(fan, "load_07", "left", none)).toBe("start");
  });
});

describe("the lines of the critical path", () => {
  test("are those between its tasks", () => {
    expect([...linesOf(walkOf(training), path)]).toEqual([
      "features>drift",
      "drift>train_1",
      "train_1>evaluate",
      "evaluate>cleanup",
    ]);
  });

  test("go through junctions and to the borders of grids", () => {
    expect(linesOf(walkOf(layerCake(2, 4)), ["layer_1_1", "layer_2_3"]).size).toBe(2);
    expect(linesOf(walkOf(fanOut(20)), ["start", "load_03", "finish"]).size).toBe(2);
  });

  test("go the shortest way where the direct line is implied by others", () => {
    const lines = linesOf(
      walkOf(
        graphOf(
          ["a", "b", "c"],
          [
            ["a", "b"],
            ["b", "c"],
            ["a", "c"],
          ],
        ),
      ),
      ["a", "c"],
    );
    expect([...lines].sort()).toEqual(["a>b", "b>c"]);
  });
});

describe("the graph as a list", () => {
  test("has steps on the rail, and beside it what runs side by side", () => {
    const rows = streamRows(walkOf(training), new Set(path), new Set());
    expect(rows.map((row) => `${"  ".repeat(row.indent)}${row.node.key}`)).toEqual([
      "features",
      "drift",
      "  train_1",
      "  train_2",
      "  train_3",
      "evaluate",
      "cleanup",
    ]);
  });

  test("the critical path leaves the rail for its branch and comes back behind the last one", () => {
    const rows = streamRows(walkOf(training), new Set(path), new Set());
    expect(rows.slice(2, 6).map((row) => [row.above, row.branch, row.below])).toEqual([
      ["critical", "critical", "thin"],
      ["thin", "thin", "thin"],
      ["thin", "thin", "critical"],
      ["critical", "none", "critical"],
    ]);
  });

  test("below a failure the bed is dry", () => {
    const rows = streamRows(walkOf(training), new Set(path), new Set(["evaluate", "cleanup"]));
    expect(rows.slice(4).map((row) => [row.above, row.below])).toEqual([
      ["thin", "dry"],
      ["dry", "dry"],
      ["dry", "none"],
    ]);
  });

  test("says what each step comes after and before", () => {
    const walk = walkOf(training);
    expect([beyond(walk, "train_1", "before"), beyond(walk, "train_1", "behind")]).toEqual([["drift"], ["evaluate"]]);
    expect(beyond(walk, "evaluate", "before")).toEqual(["train_1", "train_2", "train_3"]);
  });

  test("a branch is told to its end before the next one starts", () => {
    const graph = graphOf(
      ["start", "a1", "b1", "a2", "b2", "end"],
      [
        ["start", "a1"],
        ["a1", "a2"],
        ["a2", "end"],
        ["start", "b1"],
        ["b1", "b2"],
        ["b2", "end"],
      ], // prettier-ignore
    );
    expect(streamRows(walkOf(graph), new Set(), new Set()).map((row) => row.node.key)).toEqual([
      "start",
      "a1",
      "a2",
      "b1",
      "b2",
      "end",
    ]);
  });

  test("layers that wait for each other are told apart although nothing stands between them", () => {
    const rows = streamRows(walkOf(layerCake(2, 3)), new Set(["layer_1_2", "layer_2_1"]), new Set());
    expect(rows.map((row) => row.node.key)).toEqual([1, 2].flatMap((layer) => names3(`layer_${layer}`)));
    expect(rows[2]?.below).toBe("critical");
    expect(rows[3]?.above).toBe("critical");
  });

  test("a single task has no rail", () => {
    const [row] = streamRows(walkOf(chain(1)), new Set(), new Set());
    expect([row?.above, row?.below, row?.branch, row?.indent]).toEqual(["none", "none", "none", 0]);
  });
});

function names3(prefix: string): string[] {
  return [1, 2, 3].map((index) => `${prefix}_${index}`);
}
