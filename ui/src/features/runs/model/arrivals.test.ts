import { expect, it } from "vitest";
import { arrived } from "./arrivals";

const runs = (...ids: string[]) => ids.map((run_id) => ({ run_id }));

it("shows new runs at once when nobody points at the list", () => {
  expect(arrived(runs("b", "a"), runs("c", "b", "a"), false)).toEqual({ shown: runs("c", "b", "a"), waiting: 0 });
});

it("lets new runs wait under the pointer and brings older pages in all the same", () => {
  expect(arrived(runs("b", "a"), runs("d", "c", "b", "a", "0"), true)).toEqual({
    shown: runs("b", "a", "0"),
    waiting: 2,
  });
});

it("holds on to nothing when the list is another one", () => {
  expect(arrived(runs("b", "a"), runs("z", "y"), true)).toEqual({ shown: runs("z", "y"), waiting: 0 });
  expect(arrived([], runs("z"), true)).toEqual({ shown: runs("z"), waiting: 0 });
});
