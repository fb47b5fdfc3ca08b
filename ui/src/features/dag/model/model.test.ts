import { describe, expect, it } from "vitest";
import { barHeight, stateOfLetter } from "./cells";
import { columnAt, columnsOf, monthMarks } from "./columns";
import { triggerAsCli, triggerAsCurl } from "./commands";
import { fieldsOf, givenOf, read } from "./fields";
import { highlighted } from "./highlight";
import { bandOf, lengthAxis, lengthPoints, nearest, quantile } from "./lengths";
import { diffLines, hunksOf } from "./line-diff";
import { rhythmOf, whenOf } from "./rhythm";
import type { Grid } from "./types";
import { monthWeeks, stepFrom, weeksOf } from "./weeks";

const DAY = 86_400;

function grid(days: readonly number[], more: Partial<Grid["runs"]> = {}): Grid {
  return {
    dag_id: "etl",
    tz: "UTC",
    tasks: [{ task_id: "load", failures: 0, present: true }],
    pauses: [],
    interval_s: DAY,
    next_cursor: null,
    runs: {
      run_id: days.map((day) => `run ${day}`),
      state: days.map(() => "success"),
      trigger: days.map(() => "schedule"),
      logical_at: days.map((day) => day * DAY),
      started_at: days.map((day) => day * DAY),
      duration_s: days.map(() => 60),
      letters: days.map(() => "S"),
      ...more,
    },
  };
}

describe("columns", () => {
  it("stand side by side and leave a gap where runs are missing", () => {
    const { columns, span, runs } = columnsOf(grid([1, 2, 6, 7]), 100);
    expect(columns).toEqual([
      { run: 0, at: 0, span: 1 },
      { run: 1, at: 1, span: 1 },
      { run: -1, at: 2, span: 3, next: 2 },
      { run: 2, at: 5, span: 1 },
      { run: 3, at: 6, span: 1 },
    ]);
    expect([span, runs]).toEqual([7, 4]);
  });

  it("keep the newest when there is little room, and shorten long pauses", () => {
    expect(columnsOf(grid([1, 2, 3, 4]), 2).columns.map((one) => one.run)).toEqual([2, 3]);
    expect(columnsOf(grid([1, 300]), 100).span).toBe(12);
  });

  it("runs started by hand make no gap", () => {
    expect(columnsOf(grid([1, 9], { trigger: ["schedule", "manual"] }), 9).span).toBe(2);
  });

  it("are found by place", () => {
    const { columns } = columnsOf(grid([1, 2, 6, 7]), 100);
    expect(columnAt(columns, 3)?.run).toBe(-1);
    expect(columnAt(columns, 5.5)?.run).toBe(2);
    expect(columnAt(columns, 7)).toBeUndefined();
  });

  it("months are marked where they begin and have room", () => {
    const days = Array.from({ length: 70 }, (_, at) => at);
    const { columns } = columnsOf(grid(days), 100);
    const label = (at: Date) => ({ key: at.toISOString().slice(0, 7), label: at.toISOString().slice(5, 7) });
    expect(monthMarks(grid(days), columns, label, 10)).toEqual([
      { at: 31, label: "02" },
      { at: 59, label: "03" },
    ]);
    expect(monthMarks(grid(days), columns, label, 40)).toHaveLength(1);
  });
});

it("letters are states, and a blank is none", () => {
  expect(stateOfLetter("R")).toBe("success");
  expect(stateOfLetter("U")).toBe("upstream_failed");
  expect(stateOfLetter(" ")).toBeUndefined();
  expect([barHeight(60, 120, 40), barHeight(0.1, 120, 40), barHeight(null, 120, 40)]).toEqual([20, 3, 0]);
});

describe("rhythm", () => {
  const dag = (schedule: string) => rhythmOf({ schedule, tz: "UTC", next_run_at: null });
  it("is told by the schedule", () => {
    expect([dag("0 2 * * *"), dag("30 9 * * *"), dag("*/5 * * * *"), dag("@daily"), dag("")]).toEqual([
      "night",
      "day",
      "run",
      "night",
      "run",
    ]);
  });
  it("tonight is a night that has just been", () => {
    const now = Date.parse("2026-11-25T08:00:00Z");
    expect(whenOf("night", "2026-11-25T02:00:00Z", now, "UTC")).toBe("tonight");
    expect(whenOf("night", "2026-11-23T02:00:00Z", now, "UTC")).toBe("other");
    expect(whenOf("day", "2026-11-25T02:00:00Z", now, "UTC")).toBe("today");
  });
});

describe("lengths", () => {
  const took = Array.from({ length: 20 }, (_, at) => at + 1);
  const points = lengthPoints(grid(took, { duration_s: took }));
  it("have a band from five good runs on", () => {
    const band = bandOf(points);
    expect(band[0]).toMatchObject({ place: 4, median: 3 });
    expect(band.at(-1)).toMatchObject({ median: 13.5 });
    expect(bandOf(points.slice(0, 4))).toEqual([]);
    expect(quantile([1, 2], 0.5)).toBe(1.5);
  });
  it("have an axis with round ticks", () => {
    expect(lengthAxis(640)).toEqual({ top: 720, step: 240, ticks: [0, 240, 480, 720] });
    expect(lengthAxis(0.3).top).toBeGreaterThan(0.3);
  });
  it("leave out what has not ended, and are found by place", () => {
    expect(lengthPoints(grid([1], { state: ["running"] }))).toEqual([]);
    expect([nearest(points, 0), nearest(points, 1), nearest(points, 0.5)]).toEqual([0, 19, 10]);
  });
});

it("a year is weeks of seven days from Monday on", () => {
  const cells = weeksOf(2026, [{ day: "2026-01-05", runs: 1, failed: 0, worst: "success", planned: 0 }]);
  expect(cells).toHaveLength(365);
  expect(cells[0]).toMatchObject({ date: "2026-01-01", week: 0, weekday: 3 });
  expect(cells[4]).toMatchObject({ date: "2026-01-05", week: 1, weekday: 0, day: { runs: 1 } });
  expect(monthWeeks(cells)[1]).toEqual({ month: 1, week: 4 });
  expect([stepFrom(0, "ArrowUp", 365), stepFrom(0, "ArrowRight", 365)]).toEqual([0, 7]);
});

describe("differences", () => {
  const kinds = (before: string, after: string) =>
    diffLines(before, after).map((line) => `${line.kind[0]}${line.text}`);
  it("are the shortest", () => {
    expect(kinds("a\nb\nc\n", "a\nx\nc\n")).toEqual(["sa", "rb", "ax", "sc"]);
    expect(kinds("", "a\n")).toEqual(["aa"]);
    expect(kinds("a\nb\nc\nd\ne", "b\nc\nx\nd")).toEqual(["ra", "sb", "sc", "ax", "sd", "re"]);
    expect(kinds("a\n", "a\n")).toEqual(["sa"]);
  });
  it("are shown with three lines around them", () => {
    const before = Array.from({ length: 30 }, (_, at) => `line ${at}`).join("\n");
    const [hunk, ...rest] = hunksOf(diffLines(before, before.replace("line 20", "new")));
    expect(rest).toEqual([]);
    expect(hunk?.skipped).toBe(17);
    expect(hunk?.lines).toHaveLength(8);
  });
  it("give the texts back", () => {
    const a = "def f():\n    return 1\n\n\ndef g():\n    return 2\n";
    const b = "import os\n\n\ndef g():\n    return 3\n";
    const lines = diffLines(a, b);
    const side = (kind: string) =>
      lines
        .filter((line) => line.kind !== kind)
        .map((line) => `${line.text}\n`)
        .join("");
    expect([side("added"), side("removed")]).toEqual([a, b]);
  });
});

it("code is coloured line by line and loses nothing", () => {
  const code = 'x = 1  # one\nt = """a\nb"""\n@dag\ndef f():\n    return None\n';
  const lines = highlighted(code, "a.py");
  expect(`${lines.map((line) => line.map((token) => token.text).join("")).join("\n")}\n`).toBe(code);
  expect(lines[2]?.[0]).toEqual({ kind: "text", text: 'b"""' });
  expect(lines[0]?.at(-1)?.kind).toBe("comment");
});

describe("fields", () => {
  const fields = fieldsOf({
    required: ["day"],
    properties: {
      day: { type: "string", format: "date", description: "The day" },
      limit: { type: "integer", minimum: 1, maximum: 9, default: 5 },
      code: { type: "string", pattern: "^[A-Z]+$", default: "AB" },
      kind: { enum: ["short", 2], default: "short" },
      dry: { type: "boolean", default: false },
      shops: { type: "array", items: { type: "string" }, default: ["a", "b"] },
      options: { type: "object", default: { a: 1 } },
    },
  });
  const field = (name: string) => fields.find((one) => one.name === name) ?? fail(name);
  it("are told by the schema", () => {
    expect(fields.map((one) => one.kind)).toEqual(["date", "integer", "text", "choice", "flag", "list", "json"]);
    expect(field("day")).toMatchObject({ required: true, description: "The day", initial: "" });
    expect(field("shops").initial).toBe("a\nb");
  });
  it("are read as values, or say what is wrong", () => {
    expect(read(field("day"), "")).toEqual({ ok: false, fault: { code: "required" } });
    expect(read(field("limit"), "10")).toEqual({ ok: false, fault: { code: "most", limit: "9" } });
    expect(read(field("limit"), "1.5")).toEqual({ ok: false, fault: { code: "integer" } });
    expect(read(field("code"), "ab")).toEqual({ ok: false, fault: { code: "pattern", limit: "^[A-Z]+$" } });
    expect(read(field("kind"), "2")).toEqual({ ok: true, value: 2 });
    expect(read(field("options"), "[1]")).toEqual({ ok: false, fault: { code: "object" } });
    expect(read(field("options"), "{")).toEqual({ ok: false, fault: { code: "json" } });
  });
  it("send only what differs from the defaults", () => {
    const given = givenOf(fields, { day: "2026-11-25", limit: "5", shops: "a", dry: "true" });
    expect(given.params).toEqual({ day: "2026-11-25", shops: ["a"], dry: true });
    expect([...givenOf(fields, {}).faults.keys()]).toEqual(["day"]);
  });
});

it("a start is a command and a request", () => {
  const command = { dag: "my dag", params: { day: "2026-01-01", n: 3, on: true }, logicalDate: null, note: "it's me" };
  expect(triggerAsCli(command)).toBe(
    "potok trigger 'my dag' --param day=2026-01-01 --param n=3 --param on=true --note 'it'\\''s me'",
  );
  expect(triggerAsCurl("http://h/p/", command)).toContain("http://h/p/api/v1/dags/my%20dag/runs");
});

function fail(name: string): never {
  throw new Error(name);
}
