import { describe, expect, test } from "vitest";
import { sightAround } from "./sight";
import { fitted, kept, opened, PAD, revealed, sightOf, toLayout, wholeZoom, zoomed } from "./viewport";

const frame = (width: number, height: number) => ({ layout: { width, height }, width: 1_000, heightMax: 500 });

describe("the frame of a graph", () => {
  test("a small graph is shown whole, in the middle, in a frame as high as it needs", () => {
    const view = opened(frame(600, 200));
    expect(view).toMatchObject({ zoom: 1, origin: { x: 200, y: PAD }, height: 200 + PAD * 2, scroll: { x: 0, y: 0 } });
  });

  test("a large one opens readable, with what matters in sight", () => {
    const framed = frame(4_000, 3_000);
    const node = { x: 2_000, y: 1_500, width: 200, height: 46 };
    const view = opened(framed, node);
    const sight = sightOf(view, view.scroll, framed.width);
    expect(view.zoom).toBe(0.8);
    expect(sight.x).toBeLessThan(node.x);
    expect(sight.x + sight.width).toBeGreaterThan(node.x + node.width);
    expect(sight.y).toBeLessThan(node.y);
    expect(sight.y + sight.height).toBeGreaterThan(node.y + node.height);
  });

  test("fitted, all of it is in sight", () => {
    const framed = frame(4_000, 3_000);
    const view = fitted(framed);
    expect(view.zoom).toBeCloseTo(wholeZoom(framed));
    expect(view.extent).toEqual({ width: framed.width, height: view.height });
  });

  test("zooming leaves the point under the pointer where it is", () => {
    const framed = frame(4_000, 3_000);
    const view = opened(framed, { x: 2_000, y: 1_500, width: 0, height: 0 });
    const still = { x: 300, y: 200 };
    const before = toLayout(view, still);
    const after = toLayout(zoomed(view, framed, 1.5, still), still);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  test.each([
    [
      { x: 50, y: 60 },
      { x: 400, y: 900 },
    ],
    [
      { x: 500, y: 160 },
      { x: 20, y: 10 },
    ],
    [
      { x: 0, y: 0 },
      { x: 3_000, y: 0 },
    ],
  ])("after folding, what was at %o and is at %o is seen where it was", (before, after) => {
    const old = frame(600, 200);
    const view = opened(old);
    const next = kept(view, frame(3_200, 1_400), before, after);
    const seen = (at: typeof before, from: typeof view) => ({
      x: from.origin.x + at.x * from.zoom - from.scroll.x,
      y: from.origin.y + at.y * from.zoom - from.scroll.y,
    });
    expect(seen(after, next)).toEqual(seen(before, view));
    expect(next.scroll.x).toBeGreaterThanOrEqual(0);
    expect(next.scroll.x).toBeLessThanOrEqual(next.extent.width - 1_000);
    expect(next.scroll.y).toBeLessThanOrEqual(next.extent.height - next.height);
  });

  test("revealing scrolls as little as it needs to", () => {
    const framed = frame(4_000, 200);
    const view = opened(framed);
    expect(revealed(view, framed, { x: 100, y: 50, width: 200, height: 46 }).scroll).toEqual({ x: 0, y: 0 });
    const right = revealed(view, framed, { x: 3_000, y: 50, width: 200, height: 46 });
    expect(right.scroll.x).toBeCloseTo(3_200 * view.zoom + PAD * 3 - framed.width);
  });

  test("what is drawn changes in steps, not at each pixel", () => {
    const view = { x: 130, y: 40, width: 800, height: 400 };
    expect(sightAround({ ...view, x: 131 }, 100)).toEqual(sightAround(view, 100));
    const around = sightAround(view, 100);
    expect(around.x).toBeLessThanOrEqual(30);
    expect(around.x + around.width).toBeGreaterThanOrEqual(1_030);
  });
});
