import { expect, it } from "vitest";
import type { Lane } from "../api/queries";
import { shapeOf } from "./lane";
import { marksOf, placeOf, scaleOf, spanOf } from "./scale";

const NOW = Date.parse("2026-11-23T03:06:12Z");
const scale = scaleOf("12h", NOW);
const at = (hour: number) => new Date(NOW + hour * 3_600_000).toISOString();

const run = (from: number, to: number | null, more: Partial<Lane["runs"][number]> = {}): Lane["runs"][number] => ({
  run_id: `r${from}`,
  state: to === null ? "running" : "success",
  started_at: at(from),
  ended_at: to === null ? null : at(to),
  expected_at: null,
  late: false,
  failed_task: null,
  ...more,
});
const lane = (runs: Lane["runs"], more: Partial<Lane> = {}): Lane => ({
  dag_id: "etl",
  needs_you: false,
  import_error: false,
  usual_s: null,
  runs,
  left_off: 0,
  planned: [],
  ...more,
});

it("spans so many hours around now and moves on half hours only", () => {
  expect(spanOf("nonsense")).toBe("12h");
  expect(scale.until - scale.since).toBe(12 * 3_600_000);
  expect(scaleOf("12h", NOW + 60_000)).toEqual(scale);
  expect(placeOf(scale, scale.until)).toBe(1);
  expect(marksOf(scaleOf("day", NOW))).toHaveLength(12);
});

it("draws a failed run with the task that failed", () => {
  const shape = shapeOf(lane([run(-2, -1.9, { state: "failed", failed_task: "train_2" })]), scale, NOW);
  expect(shape.bars.map((bar) => bar.look)).toEqual(["failed"]);
  expect(shape.label).toMatchObject({ kind: "failed", task: "train_2" });
});

it("draws a late run up to now and its expected rest", () => {
  const shape = shapeOf(lane([run(-2, null, { late: true, expected_at: at(1) })]), scale, NOW);
  expect(shape.bars.map((bar) => bar.look)).toEqual(["late", "expected"]);
  const [late, rest] = shape.bars;
  expect((late?.left ?? 0) + (late?.width ?? 0)).toBeCloseTo(rest?.left ?? 0);
  expect(shape.label?.kind).toBe("expected");
});

it("joins good runs that are too many to press, and keeps the failed one", () => {
  const many = Array.from({ length: 60 }, (_, index) => run(-4 + index * 0.05, -3.99 + index * 0.05));
  const failed = run(-0.5, -0.4, { state: "failed", failed_task: "a" });
  const shape = shapeOf(lane([...many, failed]), scale, NOW);
  expect(shape.good).toHaveLength(60);
  expect(shape.bars.map((bar) => bar.look)).toEqual(["failed"]);
});

it("lets only bars be pressed that stand apart, and those that need a person first", () => {
  const near = [run(-2, -1.99), run(-1.95, -1.9, { state: "failed", failed_task: "a" }), run(-0.5, -0.4)];
  const shape = shapeOf(lane(near), scale, NOW);
  expect(shape.bars.map((bar) => bar.isPressed)).toEqual([false, true, true]);
});

it("leaves a label out where the next bar stands", () => {
  const planned = [{ at: at(0.2), until: null }];
  const failed = run(-0.2, -0.1, { state: "failed", failed_task: "a" });
  expect(shapeOf(lane([failed], { planned }), scale, NOW).label).toBeNull();
});

it("cuts what begins before and ends after the span", () => {
  const [bar] = shapeOf(lane([run(-30, null)]), scale, NOW).bars;
  expect(bar?.left).toBe(0);
  expect((bar?.left ?? 0) + (bar?.width ?? 0)).toBeLessThan(1);
});
