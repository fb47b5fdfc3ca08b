import { describe, expect, test } from "vitest";
import type { TaskState } from "../../api/schema";
import { plainTexts } from "../plain-texts";
import { fanOut, graphOf } from "../shapes";
import { graphPicture, pictureStyle } from "./picture";

const training = graphOf(
  ["drift", "train_1", "train_2", "evaluate"],
  [
    ["drift", "train_1"],
    ["drift", "train_2"],
    ["train_1", "evaluate"],
    ["train_2", "evaluate"],
  ],
);
const states = new Map<string, TaskState>([
  ["drift", "success"],
  ["train_1", "success"],
  ["train_2", "failed"],
  ["evaluate", "upstream_failed"],
]);

describe("the picture of a graph", () => {
  test("shows every node, the break and the path that decided the end", () => {
    const faceOf = (task: string) => ({ detail: task === "train_2" ? "41 s" : "" });
    const criticalPath = ["drift", "train_1"];
    const svg = graphPicture({ graph: training, label: "Tasks", states, faceOf, criticalPath }, plainTexts);
    for (const task of ["drift", "train_1", "train_2", "evaluate", "41 s"]) expect(svg).toContain(`>${task}</text>`);
    expect(svg.match(/class="g-mark"/g)).toHaveLength(1);
    expect(svg.match(/class="g-edge"[^>]*data-critical/g)).toHaveLength(1);
    expect(svg).toContain('data-state="failed"');
  });

  test("no name breaks out of it", () => {
    const graph = graphOf(['<script>alert("1")</script>'], []);
    const svg = graphPicture({ graph, label: '"><script>' }, plainTexts);
    expect(svg).not.toContain("<script");
  });

  test("a crowd is folded", () => {
    const svg = graphPicture({ graph: fanOut(500), label: "Tasks" }, plainTexts);
    expect(svg).toContain("500 tasks");
    expect(svg.length).toBeLessThan(5_000);
  });

  test("a DAG without tasks has no picture", () => {
    expect(graphPicture({ graph: graphOf([], []), label: "" }, plainTexts)).toBe("");
  });

  test("knows no colour of its own", () => {
    expect(pictureStyle).not.toMatch(/#[0-9a-f]{3,8}\b|rgb/i);
  });
});
