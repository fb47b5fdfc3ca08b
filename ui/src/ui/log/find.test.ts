import { expect, it } from "vitest";
import { ansiSpans } from "./ansi";
import { marked, placesOf } from "./find";

it("finds a text whatever its case, in every alphabet", () => {
  expect(placesOf("Ошибка, ошибка, ОШИБКА", "ошибка")).toEqual([
    [0, 6],
    [8, 14],
    [16, 22],
  ]);
  expect(placesOf("aaa", "aa")).toEqual([[0, 2]]);
  expect(placesOf("abc", "")).toEqual([]);
});

it("cuts spans where a hit begins and ends, across colours", () => {
  const spans = marked(ansiSpans("one \u001b[31mtw\u001b[0mo three"), "TWO");
  expect(spans.map(({ text, isHit, ink }) => [text, isHit, ink.color])).toEqual([
    ["one ", false, null],
    ["tw", true, "red"],
    ["o", true, null],
    [" three", false, null],
  ]);
});
