import { expect, it } from "vitest";
import { fieldText, fieldValue, paramFields } from "./params";

const schema = {
  properties: {
    days: { type: "integer", default: 7, description: "How far back" },
    share: { type: "number", default: 0.9 },
    mode: { enum: ["fast", "full"], default: "fast" },
    dry: { type: "boolean", default: false },
    filters: { type: "array", default: [] },
    client: { type: "string", default: "" },
  },
};

it("a schema becomes fields with the values of the run", () => {
  const fields = paramFields(schema, { days: 3, extra: { a: 1 } });
  expect(fields.map((one) => [one.name, one.kind, one.value])).toEqual([
    ["days", "integer", 3],
    ["share", "number", 0.9],
    ["mode", "choice", "fast"],
    ["dry", "flag", false],
    ["filters", "json", []],
    ["client", "text", ""],
    ["extra", "json", { a: 1 }],
  ]);
  expect(fields[0]?.title).toBe("How far back");
});

it("what is typed becomes a value of its kind, or nothing", () => {
  expect(fieldValue("integer", "3")).toEqual({ value: 3 });
  expect(fieldValue("integer", "3.5")).toBeNull();
  expect(fieldValue("number", "0,5")).toEqual({ value: 0.5 });
  expect(fieldValue("number", "")).toBeNull();
  expect(fieldValue("json", '{"a":')).toBeNull();
  expect(fieldValue("flag", "true")).toEqual({ value: true });
  expect(fieldText({ a: 1 })).toBe('{"a":1}');
  expect(fieldText(null)).toBe("");
});
