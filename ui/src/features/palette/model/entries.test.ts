import { expect, it } from "vitest";
import { type Entry, entryOf, grouped, recentOf, subjectOf } from "./entries";

it("names what was found and leads to it, whatever letters its name has", () => {
  const found = { kind: "run", dag_id: "a", run_id: "a/1 ж", task_id: null, state: "failed", at: null } as const;
  expect(entryOf(found)).toMatchObject({ group: "run", label: "a/1 ж", to: "/runs/a%2F1%20%D0%B6", icon: "failed" });
  const task = { kind: "task", dag_id: "etl", run_id: null, task_id: "load", state: null, at: null } as const;
  expect(entryOf(task)).toMatchObject({ label: "load", note: "etl", to: "/dags/etl?task=load" });
});

it("keeps groups in their order", () => {
  const entry = (group: Entry["group"]): Entry => ({ id: group, group, label: group });
  expect(grouped([entry("go"), entry("dag"), entry("actions")]).map((one) => one.group)).toEqual([
    "actions",
    "dag",
    "go",
  ]);
});

it("remembers places and not deeds", () => {
  expect(recentOf({ id: "x", group: "task", label: "load", note: "etl", to: "/dags/etl?task=load" })).toEqual({
    to: "/dags/etl?task=load",
    label: "etl · load",
    kind: "task",
  });
  expect(recentOf({ id: "x", group: "actions", label: "Cancel", act: () => undefined })).toBeNull();
});

it("knows what a page is about", () => {
  expect(subjectOf("/runs/a%2F1/logs")).toEqual({ runId: "a/1", dagId: "" });
  expect(subjectOf("/dags/etl/code")).toEqual({ runId: "", dagId: "etl" });
  expect(subjectOf("/")).toEqual({ runId: "", dagId: "" });
});
