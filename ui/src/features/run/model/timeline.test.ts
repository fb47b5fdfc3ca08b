import { describe, expect, it } from "vitest";
import type { TaskInstance } from "../../../api/schema";
import { axisOf } from "./axis";
import { tickStep, ticks, timelineOf } from "./timeline";
import type { AttemptSpan } from "./types";

const START = Date.parse("2026-11-23T02:00:00Z");
const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString();

function span(
  task: string,
  position: number,
  tryNumber: number,
  from: [number, number, number | null],
  outcome: string | null,
): AttemptSpan {
  return {
    attempt_id: position * 10 + tryNumber,
    task_id: task,
    position,
    try_number: tryNumber,
    outcome,
    queued_at: iso(from[0]),
    started_at: iso(from[1]),
    ended_at: from[2] === null ? null : iso(from[2]),
    exit_code: null,
    signal_name: null,
    oom: false,
    error_line: "",
    cpu_s: 0,
    rss_peak_mb: 0,
  };
}

function task(
  id: string,
  position: number,
  state: TaskInstance["state"],
  more: Partial<TaskInstance> = {},
): TaskInstance {
  return {
    task_id: id,
    position,
    state,
    try_number: 1,
    max_tries: 2,
    losses: 0,
    attempt_id: null,
    queued_at: null,
    started_at: null,
    ended_at: null,
    duration_s: null,
    retry_at: null,
    reason: null,
    ...more,
  };
}

const input = {
  tasks: [task("a", 0, "success"), task("b", 1, "failed"), task("c", 2, "upstream_failed")],
  spans: [
    span("a", 0, 1, [0, 0.01, 508], "success"),
    span("b", 1, 1, [136, 136, 175], "failed"),
    span("b", 1, 2, [205, 414, 455], "failed"),
  ],
  critical: ["a"],
  slack: [0, 53, null],
  started: iso(0),
  ended: iso(508),
  runState: "failed" as const,
  now: START + 9_000_000,
};

describe("timelineOf", () => {
  const found = timelineOf(input);

  it("draws the wait for a retry and for a slot between two tries", () => {
    expect(found.rows[1]?.bars.map((bar) => [bar.kind, bar.from, bar.to])).toEqual([
      ["run", 136, 175],
      ["retry", 175, 205],
      ["queued", 205, 414],
      ["run", 414, 455],
      ["slack", 455, 508],
    ]);
  });

  it("leaves out waits that cannot be seen and slack on the critical path", () => {
    expect(found.rows[0]?.bars.map((bar) => bar.kind)).toEqual(["run"]);
    expect(found.rows[0]?.critical).toBe(true);
  });

  it("says where a task did not run", () => {
    expect(found.rows[2]?.didNotRunAt).toBe(508);
    expect(found.rows[1]?.didNotRunAt).toBeNull();
  });

  it("lets what runs end now, without slack", () => {
    const live = timelineOf({
      ...input,
      tasks: [task("a", 0, "running"), task("b", 1, "queued", { queued_at: iso(10) })],
      spans: [span("a", 0, 1, [0, 0, null], null)],
      ended: null,
      runState: "running",
      now: START + 20_000,
    });
    expect(live.rows[0]?.bars.at(-1)).toMatchObject({ kind: "run", to: 20, state: "running" });
    expect(live.rows[1]?.bars.at(-1)).toMatchObject({ kind: "queued", from: 10, to: 20 });
  });
});

describe("a retry by hand", () => {
  const retried = timelineOf({
    ...input,
    tasks: [task("a", 0, "success"), task("b", 1, "success")],
    spans: [
      span("a", 0, 1, [0, 0, 100], "success"),
      span("b", 1, 1, [0, 0, 40], "failed"),
      span("b", 1, 2, [9000, 9000, 9060], "success"),
    ],
    started: iso(9000),
    ended: iso(9060),
    runState: "success",
  });

  it("skips the hours before it and draws no wait for a retry there", () => {
    expect(retried.axis.breaks).toHaveLength(1);
    expect(retried.axis.breaks[0]).toMatchObject({ at: 100, lengthS: 8900 });
    expect(retried.rows[1]?.bars.map((bar) => bar.kind)).toEqual(["run", "run", "slack"]);
    expect(retried.lengthS).toBeLessThan(200);
    expect(retried.rows[1]?.bars[1]?.lengthS).toBe(60);
  });
});

describe("axis", () => {
  it("has round steps", () => {
    expect(tickStep(508, 10)).toBe(60);
    expect(tickStep(9, 10)).toBe(1);
    expect(tickStep(0.03, 10)).toBe(0.005);
  });

  it("stands at round clock times", () => {
    const plain = axisOf(120, []);
    const of = (start: number) => ticks({ start, lengthS: 120, axis: plain }, 4).map((tick) => tick.at);
    expect(of(START + 30_000)).toEqual([0, 30, 60, 90, 120]);
    expect(of(START + 20_000)).toEqual([10, 40, 70, 100]);
  });
});
