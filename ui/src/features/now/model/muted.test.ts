import { expect, it } from "vitest";
import { mutedThing } from "./muted";

it("a mute is told by its kind and name, without the signature of an error", () => {
  expect(mutedThing("failed:orders: daily:1a2b")).toEqual({ kind: "failed", name: "orders: daily" });
  expect(mutedThing("failed:orders:")).toEqual({ kind: "failed", name: "orders" });
  expect(mutedThing("dag:orders")).toEqual({ kind: "dag", name: "orders" });
  expect(mutedThing("import_error:lib/a.py")).toEqual({ kind: "import_error", name: "lib/a.py" });
  expect(mutedThing("odd")).toEqual({ kind: "", name: "odd" });
});
