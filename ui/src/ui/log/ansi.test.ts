import { expect, it } from "vitest";
import { ansiSpans, plainText } from "./ansi";
import { inkOf256, inkOfRgb } from "./ansi-color";

const E = "\u001b";

it("cuts a line into spans of one ink", () => {
  const spans = ansiSpans(`plain ${E}[1;31mred${E}[0m ${E}[4;38;5;33mblue${E}[24m still${E}[39m end`);
  expect(spans.map(({ text, ink }) => [text, ink.color, ink.bold, ink.underline])).toEqual([
    ["plain ", null, false, false],
    ["red", "red", true, false],
    [" ", null, false, false],
    ["blue", "blue", false, true],
    [" still", "blue", false, false],
    [" end", null, false, false],
  ]);
  expect(spans.map((span) => span.at)).toEqual([0, 6, 9, 10, 14, 20]);
});

it("lets nothing through but colours", () => {
  const text = `a${E}[2J${E}[10;3Hb${E}]0;title\u0007c${E}]8;;https://example.org${E}\\link${E}]8;;${E}\\\u0000\u0008d${E}(B${E}[?25l`;
  expect(plainText(text)).toMatch(/^abclinkd$/);
  expect(plainText("<script>alert(1)</script>")).toBe("<script>alert(1)</script>");
  expect(plainText(`torn ${E}[38;5`)).not.toContain(E);
});

it("shows what a progress bar wrote last", () => {
  expect(plainText("10%\r50%\r100%")).toBe("100%");
  expect(plainText("done\r")).toBe("done");
  expect(plainText("a\tb\nc")).toBe("a\tb\nc");
});

it("maps every colour of a terminal to an ink", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(inkOf256)).toEqual([
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "ink",
    "grey",
    "red",
  ]);
  expect([196, 208, 46, 21, 201, 51, 236, 250].map(inkOf256)).toEqual([
    "red",
    "yellow",
    "green",
    "blue",
    "magenta",
    "cyan",
    "grey",
    "ink",
  ]);
  expect(inkOfRgb(255, 99, 71)).toBe("red");
  expect(inkOfRgb(240, 240, 240)).toBe("ink");
});

it("reads a megabyte in a moment", () => {
  const line = `${E}[32mINFO${E}[0m step <b>1</b> `.repeat(40_000);
  const began = performance.now();
  expect(ansiSpans(line).length).toBe(80_000);
  expect(performance.now() - began).toBeLessThan(1_000);
});
