import { expect, it } from "vitest";
import { ordersOf } from "./orders";
import type { RootFailure, RunStory } from "./types";

const price = (tasks: number) => ({ tasks, kept: 4, about_s: 360 });
const root = (task: string) => ({ task_id: task, retry: price(3), retry_only: price(1) }) as RootFailure;
const story = (state: RunStory["run"]["state"], ...roots: RootFailure[]) =>
  ({
    run: { state },
    roots,
    root_count: roots.length,
    retry: roots.length > 0 ? price(9) : null,
  }) as unknown as RunStory;

it("one failure is retried from there, or alone", () => {
  const orders = ordersOf(story("failed", root("train_2")), "train_2");
  expect(orders.first).toMatchObject({ kind: "from", tasks: ["train_2"], downstream: true, price: { tasks: 3 } });
  expect(orders.others.map((one) => one.kind)).toEqual(["only", "all"]);
});

it("several failures are retried together, the single ones are offered too", () => {
  const orders = ordersOf(story("failed", root("a"), root("b")), "b");
  expect(orders.first).toMatchObject({ kind: "all", tasks: [] });
  expect(orders.others.map((one) => [one.kind, one.task])).toEqual([
    ["from", "a"],
    ["from", "b"],
    ["only", "b"],
  ]);
});

it("a good run offers none, a cancelled one everything that did not finish", () => {
  expect(ordersOf(story("success"), "").first).toBeNull();
  const cancelled = { ...story("cancelled"), retry: price(5) };
  expect(ordersOf(cancelled, "").first).toMatchObject({ kind: "all" });
});
