import { expect, it } from "vitest";
import type { Need } from "../api/queries";
import { dropped, follow, type Held, NOTHING_HELD } from "./held-list";

const need = (key: string, more: Partial<Need> = {}): Need => ({
  key,
  kind: "failed",
  at: "2026-11-23T02:00:00Z",
  name: key,
  dag_id: key,
  run_id: `${key}-1`,
  task_id: "load",
  lead: { code: "error_line", values: { line: "bad" }, text: "bad" },
  more: [],
  location: "",
  times: 1,
  blocked: 0,
  try_number: 1,
  max_tries: 1,
  deadline_at: null,
  retrying: false,
  retry: null,
  ...more,
});
const keys = (held: Held) => held.shown.map((one) => (one.leaving ? `${one.need.key}:${one.leaving}` : one.need.key));
const none = new Set<string>();

it("shows what needs a person in the order of the answer", () => {
  const held = follow(NOTHING_HELD, [need("b"), need("a")], false, none);
  expect(keys(held)).toEqual(["b", "a"]);
  expect(keys(follow(held, [need("a"), need("b")], false, none))).toEqual(["a", "b"]);
});

it("keeps everything in place under the pointer and counts what is new", () => {
  const held = follow(NOTHING_HELD, [need("b"), need("a")], false, none);
  const still = follow(held, [need("d"), need("a", { times: 2 }), need("c"), need("b")], true, none);
  expect(keys(still)).toEqual(["b", "a"]);
  expect(still.waiting).toBe(2);
  expect(still.shown[1]?.need.times).toBe(2);
  expect(keys(follow(still, [need("d"), need("a"), need("c"), need("b")], false, none))).toEqual(["d", "a", "c", "b"]);
});

it("lets what is well again be seen, at its place, before it goes", () => {
  const held = follow(NOTHING_HELD, [need("a"), need("b"), need("c")], false, none);
  const after = follow(held, [need("a"), need("c")], false, none);
  expect(keys(after)).toEqual(["a", "b:well", "c"]);
  expect(keys(dropped(after, new Set(["b", "c"])))).toEqual(["a", "c"]);
});

it("tells a muted thing from one that is well, and takes it back when the mute is undone", () => {
  const held = follow(NOTHING_HELD, [need("a"), need("b")], false, none);
  const after = follow(held, [need("a")], false, new Set(["b"]));
  expect(keys(after)).toEqual(["a", "b:muted"]);
  expect(keys(follow(after, [need("a"), need("b")], false, none))).toEqual(["a", "b"]);
});
