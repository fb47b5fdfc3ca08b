import { expect, it } from "vitest";
import { retryAsCli, retryAsCurl, shellWord, whyAsCli } from "./commands";

const order = { run: "ml.20261123", tasks: ["train_2"], downstream: true };

it("a retry is a line for a terminal", () => {
  expect(retryAsCli(order)).toBe("potok retry ml.20261123 train_2");
  expect(retryAsCli({ ...order, tasks: [], downstream: false, params: { days: 3, note: "it's" } })).toBe(
    "potok retry ml.20261123 --only --param days=3 --param 'note=it'\\''s'",
  );
});

it("and a request whose token the shell fills in", () => {
  expect(retryAsCurl("http://h/", order)).toBe(
    'curl -X POST http://h/api/v1/runs/ml.20261123/retry -H "Authorization: Bearer $POTOK_TOKEN"' +
      " -H 'Content-Type: application/json' -d '{\"tasks\":[\"train_2\"]}'",
  );
});

it("names cannot leave their word", () => {
  expect(shellWord("a; rm -rf /")).toBe("'a; rm -rf /'");
  expect(shellWord("$(id)")).toBe("'$(id)'");
  expect(whyAsCli("a b")).toBe("potok why 'a b'");
});
