import { expect, it } from "vitest";
import { ansiSpans } from "./ansi";
import { marked, placesOf, wantedOf } from "./find";

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

it("finds what a pattern matches, and nothing by one that this browser cannot read", () => {
  expect(placesOf("batch 7, batch 12", wantedOf("BATCH \\d\\d", true))).toEqual([[9, 17]]);
  expect(placesOf("aaa", wantedOf("b*", true))).toEqual([]);
  expect(placesOf("(?P<n>", wantedOf("(?P<n>x)", true))).toEqual([]);
  expect(placesOf("a.c abc", wantedOf("a.c", false))).toEqual([[0, 3]]);
});
