import { expect, it } from "vitest";
import { axisOf, gapsOf } from "./axis";

const busy = [
  { from: 0, to: 10 },
  { from: 5, to: 20 },
  { from: 2000, to: 2060 },
];

it("the time before a retry is skipped, a short pause is not", () => {
  expect(gapsOf(busy, 2000)).toEqual([{ from: 20, to: 2000 }]);
  expect(
    gapsOf(
      [
        { from: 0, to: 20 },
        { from: 50, to: 60 },
      ],
      0,
    ),
  ).toEqual([]);
  expect(
    gapsOf(
      [
        { from: 0, to: 20 },
        { from: 50, to: 60 },
      ],
      50,
    ),
  ).toEqual([{ from: 20, to: 50 }]);
});

it("what comes after a break moves up to it", () => {
  const axis = axisOf(2060, [{ from: 20, to: 2000 }]);
  expect(axis.lengthS).toBeCloseTo(80 * 1.06);
  expect(axis.place(10)).toBe(10);
  expect(axis.place(2000)).toBeCloseTo(20 + 4.8);
  expect(axis.moment(axis.place(2030))).toBeCloseTo(2030);
  expect(axis.breaks).toEqual([{ at: 20, widthS: expect.closeTo(4.8), lengthS: 1980 }]);
});

it("an axis without gaps is plain time", () => {
  const axis = axisOf(508, []);
  expect([axis.lengthS, axis.place(41), axis.moment(41)]).toEqual([508, 41, 41]);
});
