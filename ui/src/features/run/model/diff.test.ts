import { expect, it } from "vitest";
import { diffRows, linePieces } from "./diff";

it("a changed line shows what was taken out of it", () => {
  const lines = [" head", '-frame["x"] = age.days.fillna(0)', '+frame["x"] = age.days', " tail"];
  const rows = diffRows({ old_start: 40, new_start: 40, lines });
  expect(rows.map((row) => [row.mark, row.n])).toEqual([
    [" ", 40],
    ["-", 41],
    ["+", 41],
    [" ", 42],
  ]);
  expect(rows[1]?.pieces).toEqual([
    { text: 'frame["x"] = age.days', changed: false },
    { text: ".fillna(0)", changed: true },
  ]);
  expect(rows[2]?.pieces).toEqual([{ text: 'frame["x"] = age.days', changed: false }]);
});

it("several lines in a row are not compared word by word", () => {
  const rows = diffRows({ old_start: 1, new_start: 1, lines: ["-a = 1", "-b = 2", "+a = 3", "+b = 4"] });
  expect(rows.every((row) => row.pieces.every((piece) => !piece.changed))).toBe(true);
});

it("lines with little in common are only old and new", () => {
  expect(linePieces("return x", "yield from y")).toEqual([{ text: "return x", changed: false }]);
});
