import { expect, it } from "vitest";
import type { TaskInstance } from "../../../api/schema";
import { axisOf } from "../model/axis";
import type { RunStory } from "../model/types";
import { runFile } from "./run-file";

const EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\"'";
const task = {
  task_id: EVIL,
  position: 0,
  state: "failed",
  try_number: 2,
  max_tries: 2,
  duration_s: 41,
} as TaskInstance;
const story = {
  run: {
    run_id: EVIL,
    dag_id: EVIL,
    state: "failed",
    logical_date: "2026-11-23T00:00:00Z",
    started_at: "2026-11-23T00:00:00Z",
    ended_at: "2026-11-23T00:08:28Z",
    duration_s: 508,
    bundle: "b20e44d0",
    params: { note: EVIL },
  },
  verdict: { code: "run_failed", values: {}, text: `${EVIL} failed` },
  advice: [],
  cause: { code: "x", values: {}, text: EVIL },
  roots: [{ task_id: EVIL }],
  work_s: 866,
  usual_s: 600,
} as unknown as RunStory;

const html = runFile({
  story,
  tasks: [task],
  timeline: {
    start: 0,
    lengthS: 508,
    axis: axisOf(508, []),
    rows: [
      {
        task: EVIL,
        position: 0,
        state: "failed",
        critical: true,
        slackS: 0,
        didNotRunAt: null,
        bars: [{ kind: "run", from: 0, to: 41, lengthS: 41, state: "failed", attempt: 1 }],
      },
    ],
  },
  changes: {
    since: { run_id: "r" },
    settings: [],
    results: [],
    params: [{ name: EVIL, old: 1, new: EVIL }],
    lengths: [],
    files: [
      {
        path: EVIL,
        change: "edited",
        truncated: false,
        hunks: [{ old_start: 1, new_start: 1, lines: [`-${EVIL}`, "+x"] }],
      },
    ],
  } as never,
  log: [{ kind: "line", key: "1", n: 1, at: "", level: "error", text: EVIL, error: true }],
  language: "en",
  zone: "UTC",
  now: new Date("2026-11-25T00:00:00Z"),
  server: "http://127.0.0.1:8080/",
  css: ":root{--ink:black}",
  say: (sentence) => sentence.text,
  word: (key) => key,
});

it("no text of a user becomes markup", () => {
  expect(html).not.toContain("<script");
  expect(html).not.toContain("<img");
  expect(html).toContain("&#60;script&#62;alert(1)");
});

it("asks nothing of anybody", () => {
  expect(html).not.toMatch(/<\w[^>]*\s(src|href)=/);
  expect(html).not.toMatch(/url\(/);
  expect(html).toContain("default-src 'none'");
});

it("tells the sentence, the facts, the error, the changes, the time and the tasks", () => {
  for (const part of [
    "<h1",
    "8 min 28 s".replaceAll(" ", "\u00a0"),
    "<svg",
    'data-kind="error"',
    'data-mark="-"',
    "<table",
  ])
    expect(html).toContain(part);
});
