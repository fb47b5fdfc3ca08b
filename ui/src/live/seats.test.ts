import { expect, it } from "vitest";
import { SEATS, Seats } from "./seats";

const names = Array.from({ length: SEATS }, (_, at) => `tab ${at}`);

function full(): Seats<string> {
  const seats = new Seats<string>();
  for (const name of names) expect(seats.take(name)).toBeUndefined();
  return seats;
}

it("gives every wish a seat and takes the oldest one for it", () => {
  const seats = full();
  expect(seats.take("late")).toBe("tab 0");
  expect(seats.take("later")).toBe("tab 1");
});

it("gives a seat that is left to the one that gave up its own last", () => {
  const seats = full();
  seats.take("late");
  seats.take("later");
  expect(seats.leave("late")).toBe("tab 1");
  expect(seats.leave("later")).toBe("tab 0");
  expect(seats.leave("tab 0")).toBeUndefined();
});

it("keeps a seat that is wished for again, as the newest", () => {
  const seats = full();
  expect(seats.take("tab 0")).toBeUndefined();
  expect(seats.take("late")).toBe("tab 1");
});

it("forgets who leaves without a seat", () => {
  const seats = full();
  expect(seats.take("late")).toBe("tab 0");
  expect(seats.leave("tab 0")).toBeUndefined();
  expect(seats.leave("late")).toBeUndefined();
});
