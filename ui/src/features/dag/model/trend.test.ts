import { describe, expect, it } from "vitest";
import { changeOf, digitsOf, spotAt, spotsOf } from "./trend";

describe("spots of a metric", () => {
  it("lie within the box, the greatest on top, and leave out runs without the number", () => {
    const spots = spotsOf([1, null, 3], 104, 44, 2);
    expect(spots.map((spot) => [spot.place, spot.x, spot.y])).toEqual([
      [0, 2, 42],
      [2, 102, 2],
    ]);
  });

  it("run through the middle when the number never changes, and one run stands at the end", () => {
    expect(spotsOf([5, 5], 104, 44, 2).map((spot) => spot.y)).toEqual([22, 22]);
    expect(spotsOf([5], 104, 44, 2)[0]?.x).toBe(102);
    expect(spotsOf([null], 104, 44, 2)).toEqual([]);
  });

  it("stay finite for the largest numbers there are", () => {
    for (const spot of spotsOf([-1e308, 1e308], 100, 40, 2)) expect(Number.isFinite(spot.y)).toBe(true);
  });

  it("are found by the pointer", () => {
    const spots = spotsOf([1, 2, null, 4], 102, 40, 1);
    expect([0, 40, 70, 999].map((x) => spotAt(spots, x))).toEqual([0, 1, 2, 2]);
  });
});

describe("a change", () => {
  it("tells its way, by how much, and the share where that says something", () => {
    expect(changeOf(6, 5)).toEqual({ way: "up", by: 1, share: 0.2 });
    expect(changeOf(-3, -2)).toEqual({ way: "down", by: 1, share: 0.5 });
    expect(changeOf(5, 5)).toEqual({ way: "same", by: 0, share: 0 });
    expect(changeOf(5, 0)).toEqual({ way: "up", by: 5, share: null });
    expect(changeOf(1e9, 1)?.share).toBeNull();
    expect(changeOf(5, null)).toBeNull();
    expect(changeOf(null, 5)).toBeNull();
  });
});

it("digits are as many as say something", () => {
  expect([7, 1234.5, 12.34, 0.12345].map(digitsOf)).toEqual([0, 0, 2, 4]);
});
