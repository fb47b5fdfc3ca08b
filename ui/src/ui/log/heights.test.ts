import { expect, it } from "vitest";
import { Heights } from "./heights";

function naive(heights: number[], y: number): number {
  let top = 0;
  for (const [row, height] of heights.entries()) {
    if (y < top + height) return row;
    top += height;
  }
  return heights.length - 1;
}

it("agrees with plain sums whatever was measured", () => {
  const found = new Heights(19, 500);
  const plain = Array.from({ length: 500 }, () => 19);
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % n;
  };
  for (let n = 0; n < 400; n += 1) {
    const row = random(500);
    const height = 10 + random(90);
    found.set(row, height);
    plain[row] = height;
  }
  const total = plain.reduce((sum, one) => sum + one, 0);
  expect(found.total).toBe(total);
  for (let n = 0; n < 300; n += 1) {
    const row = random(500);
    expect(found.top(row)).toBe(plain.slice(0, row).reduce((sum, one) => sum + one, 0));
    const y = random(total);
    expect(found.rowAt(y)).toBe(naive(plain, y));
  }
  expect(found.rowAt(total + 1_000)).toBe(499);
});

it("keeps what was measured when rows are added, and forgets it with the width", () => {
  const found = new Heights(20, 10);
  found.set(3, 60);
  found.resize(100_000);
  expect(found.top(4)).toBe(120);
  expect(found.top(99_999)).toBe(99_999 * 20 + 40);
  found.resize(2);
  expect(found.total).toBe(40);
  found.resize(10);
  found.clear();
  expect(found.total).toBe(200);
});

it("finds rows of a million in microseconds", () => {
  const found = new Heights(19, 1_000_000);
  for (let row = 0; row < 1_000_000; row += 1_000) found.set(row, 57);
  const began = performance.now();
  for (let n = 0; n < 10_000; n += 1) found.rowAt(((n * 7_919) % 19_000) * 1_000);
  expect(performance.now() - began).toBeLessThan(500);
  expect(found.rowAt(found.top(777_777))).toBe(777_777);
});
