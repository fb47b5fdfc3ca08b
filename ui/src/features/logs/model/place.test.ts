import { expect, it } from "vitest";
import { placeOf } from "./place";

it("reads the address and ignores what makes no sense", () => {
  expect(placeOf({ task: "train", try: "2", level: "error", q: "nan", re: "1", line: "7" })).toEqual({
    task: "train",
    attempt: 2,
    level: "error",
    q: "nan",
    isPattern: true,
    line: 7,
  });
  expect(placeOf({ try: "2", level: "loud", line: "-3" })).toEqual({
    task: undefined,
    attempt: undefined,
    level: "",
    q: "",
    isPattern: false,
    line: undefined,
  });
});
