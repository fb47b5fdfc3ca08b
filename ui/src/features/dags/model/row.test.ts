import { expect, it } from "vitest";
import type { DagItem } from "../../../api/schema";
import { iconOf, NOTHING_CHOSEN, toggled } from "./row";

const dag = (more: Partial<DagItem>, state?: "running" | "success" | "failed"): DagItem =>
  ({
    late: false,
    failed: false,
    import_error: null,
    last_runs: state ? [{ run_id: "r", state }] : [],
    ...more,
  }) as DagItem;

it("shows what needs a person before how the last run ended", () => {
  expect(iconOf(dag({}))).toBe("scheduled");
  expect(iconOf(dag({}, "success"))).toBe("success");
  expect(iconOf(dag({ failed: true }, "success"))).toBe("failed");
  expect(iconOf(dag({ failed: true }, "running"))).toBe("running");
  expect(iconOf(dag({ failed: true, late: true }, "running"))).toBe("late");
});

it("chooses one by one and in ranges", () => {
  const ids = ["a", "b", "c", "d"];
  const one = toggled(NOTHING_CHOSEN, ids, "b", false);
  expect([...one.chosen]).toEqual(["b"]);
  const range = toggled(one, ids, "d", true);
  expect([...range.chosen]).toEqual(["b", "c", "d"]);
  expect([...toggled(range, ids, "c", false).chosen]).toEqual(["b", "d"]);
});

it("a range from something that is no longer listed is that one row", () => {
  expect([...toggled({ chosen: new Set(["z"]), anchor: "z" }, ["a", "b"], "b", true).chosen]).toEqual(["z", "b"]);
});
