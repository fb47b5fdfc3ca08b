import { expect, it } from "vitest";
import { placeOf } from "./place";

it("keeps an id one segment, whatever letters it has", () => {
  expect(placeOf("/runs/a%2F1%20%D0%B6?task=load")).toEqual({
    to: "/runs/$run",
    params: { run: "a/1 ж" },
    search: { task: "load" },
  });
  expect(placeOf("/runs/x/logs").to).toBe("/runs/$run/logs");
});

it("knows the pages of a DAG and leaves the rest as it is", () => {
  expect(placeOf("/dags/etl/trigger")).toEqual({
    to: "/dags/$dag/$tab",
    params: { dag: "etl", tab: "trigger" },
    search: {},
  });
  expect(placeOf("/dags?state=late")).toEqual({ to: "/dags", params: {}, search: { state: "late" } });
  expect(placeOf("/")).toEqual({ to: "/", params: {}, search: {} });
});
