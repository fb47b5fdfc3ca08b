import { describe, expect, it } from "vitest";
import { relative } from "./ago";
import { bytes, dayAndClock, duration, percent, roughly } from "./format";

const plain = (text: string) => text.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

describe("duration", () => {
  it.each([
    [0, "0 ms"],
    [0.0042, "4.2 ms"],
    [0.35, "350 ms"],
    [4.21, "4.2 s"],
    [41.2, "41 s"],
    [59.6, "1 min"],
    [508, "8 min 28 s"],
    [3960, "1 h 06 min"],
    [187_200, "2 d 4 h"],
  ])("%f s is %s", (seconds, text) => {
    expect(plain(duration("en", seconds))).toBe(text);
  });

  it("is Russian in Russian", () => {
    expect(plain(duration("ru", 622))).toBe("10 мин 22 с");
    expect(plain(duration("ru", 4.2))).toBe("4,2 с");
  });

  it("never parts a number from its unit", () => {
    expect(duration("en", 508)).not.toContain(" ");
  });
});

it("estimates are round", () => {
  expect(plain(roughly("en", 371))).toBe("6 min");
  expect(plain(roughly("ru", 45))).toBe("45 с");
});

it("sizes and shares", () => {
  expect(plain(bytes("en", 412 * 1024 * 1024))).toBe("412 MB");
  expect(plain(bytes("ru", 5.24 * 1024 ** 3))).toBe("5,2 ГБ");
  expect(plain(percent("ru", 0.016, 1))).toBe("1,6 %");
});

it("a day names its year only when it is another one", () => {
  const now = new Date("2026-11-25T10:00:00Z");
  expect(dayAndClock("en", new Date("2026-11-22T23:00:00Z"), "Europe/Moscow", now)).toBe("Mon 23 Nov, 02:00");
  expect(dayAndClock("en", new Date("2025-11-22T23:00:00Z"), "UTC", now)).toBe("Sat 22 Nov 2025, 23:00");
});

describe("relative", () => {
  const now = new Date("2026-11-25T10:00:00Z");
  const at = (secondsAgo: number) => relative("en", new Date(now.getTime() - secondsAgo * 1000), now, "UTC");

  it("says how long ago", () => {
    expect(at(1)).toEqual({ kind: "now" });
    expect(at(14)).toMatchObject({ kind: "ago", length: "14\u00a0s" });
    expect(at(58 * 60 + 20)).toMatchObject({ kind: "ago", length: "58\u00a0min" });
  });

  it("names yesterday and older days", () => {
    expect(at(17 * 3600)).toEqual({ kind: "yesterday", clock: "17:00" });
    expect(at(3 * 86_400)).toEqual({ kind: "day", day: "Sun 22 Nov" });
  });

  it("says how far ahead", () => {
    expect(at(-54 * 60)).toMatchObject({ kind: "ahead", length: "54\u00a0min" });
  });
});
