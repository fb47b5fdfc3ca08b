import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Tokens = Record<string, string>;

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

function block(selector: string): Tokens {
  const start = css.indexOf(selector);
  const body = css.slice(css.indexOf("{", start) + 1, css.indexOf("}", start));
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((found) => [found[1], found[2]?.trim()]));
}

const light = block('[data-theme="light"]');
const themes: Record<string, Tokens> = { light, dark: { ...light, ...block('[data-theme="dark"]') } };

function rgb(hex: string): [number, number, number] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as [number, number, number];
}

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function contrast(one: string, other: string): number {
  const light = [one, other].map((hex) => {
    const [r, g, b] = rgb(hex).map(linear) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  return (Math.max(...light) + 0.05) / (Math.min(...light) + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. */
const BLINDNESS = {
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

function seen(hex: string, matrix: readonly number[]): [number, number, number] {
  const [r, g, b] = rgb(hex).map(linear) as [number, number, number];
  return [0, 3, 6].map((row) =>
    Math.min(1, Math.max(0, (matrix[row] ?? 0) * r + (matrix[row + 1] ?? 0) * g + (matrix[row + 2] ?? 0) * b)),
  ) as [number, number, number];
}

/** CIE L*a*b* of linear sRGB under D65. */
function lab([r, g, b]: [number, number, number]): [number, number, number] {
  const f = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(one: string, other: string, matrix: readonly number[]): number {
  const [a, b] = [lab(seen(one, matrix)), lab(seen(other, matrix))];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const STATES = [
  "scheduled",
  "queued",
  "running",
  "success",
  "failed",
  "upstream_failed",
  "up_for_retry",
  "waiting",
  "skipped",
  "cancelled",
];
const FILLED = ["running", "success", "failed", "upstream_failed", "up_for_retry", "waiting", "cancelled"];
/** Pairs where shape and hatching decide, with what is left of the distance. */
const CLOSE: Record<string, number> = { "success upstream_failed": 13.5, "upstream_failed up_for_retry": 15.5 };
const CLOSE_DARK: Record<string, number> = { "running success": 14.5, "waiting cancelled": 15.5 };

for (const [name, tokens] of Object.entries(themes)) {
  const color = (token: string): string => tokens[token] ?? "";

  describe(`${name} theme`, () => {
    it("text is readable on every ground", () => {
      for (const ground of ["bg", "surface", "sunken"]) {
        for (const text of ["ink", "ink-2", "ink-3"]) {
          expect(contrast(color(text), color(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
        }
      }
      expect(contrast(color("live"), color("surface"))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(color("on-ink"), color("ink"))).toBeGreaterThanOrEqual(4.5);
      for (const side of ["added", "removed"]) {
        expect(contrast(color(side), color(`${side}-bg`)), side).toBeGreaterThanOrEqual(4.5);
      }
    });

    it("words in a state's colour are readable on the surface and on its tint", () => {
      for (const state of STATES) {
        expect(contrast(color(`${state}-text`), color("surface")), state).toBeGreaterThanOrEqual(4.5);
        const tint = color(`${state}-tint`);
        if (tint.startsWith("#")) expect(contrast(color(`${state}-text`), tint), state).toBeGreaterThanOrEqual(4.5);
      }
    });

    it("filled states stay apart for colour-blind eyes", () => {
      for (const [at, one] of FILLED.entries()) {
        for (const other of FILLED.slice(at + 1)) {
          const least = (name === "dark" ? CLOSE_DARK : CLOSE)[`${one} ${other}`] ?? 16.5;
          for (const [kind, matrix] of Object.entries(BLINDNESS)) {
            expect(distance(color(one), color(other), matrix), `${one} / ${other}, ${kind}`).toBeGreaterThanOrEqual(
              least,
            );
          }
        }
      }
    });
  });
}
