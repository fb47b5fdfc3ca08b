import { expect, it } from "vitest";
import { dayStart, hourOf } from "./day-start";

it("finds midnight in zones east and west", () => {
  const at = Date.parse("2026-11-23T00:06:12.345Z");
  expect(new Date(dayStart(at, "UTC")).toISOString()).toBe("2026-11-23T00:00:00.000Z");
  expect(new Date(dayStart(at, "Europe/Moscow")).toISOString()).toBe("2026-11-22T21:00:00.000Z");
  expect(new Date(dayStart(at, "America/New_York")).toISOString()).toBe("2026-11-22T05:00:00.000Z");
  expect(hourOf(at, "Asia/Kolkata")).toBe(5);
});

it("finds midnight on days whose clock moves", () => {
  expect(new Date(dayStart(Date.parse("2026-03-29T10:00:00Z"), "Europe/Berlin")).toISOString()).toBe(
    "2026-03-28T23:00:00.000Z",
  );
  expect(new Date(dayStart(Date.parse("2026-10-25T10:00:00Z"), "Europe/Berlin")).toISOString()).toBe(
    "2026-10-24T22:00:00.000Z",
  );
});
