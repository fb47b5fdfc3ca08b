import { expect, it } from "vitest";
import { forAll, type Outcome } from "./bulk";

it("does all, tells how far it is, and goes on after a failure", async () => {
  const told: number[] = [];
  const seen: string[] = [];
  const work = async (id: string) => {
    seen.push(id);
    if (id === "c") throw new Error("paused already");
  };
  const whyOf = (error: unknown) => (error instanceof Error ? error.message : "?");
  const outcome: Outcome = await forAll(["a", "b", "c", "d", "e", "f"], work, whyOf, (one) => told.push(one.done));
  expect(seen.sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
  expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  expect(outcome).toEqual({ done: 6, total: 6, failed: [{ id: "c", why: "paused already" }] });
});
