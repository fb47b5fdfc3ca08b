import { expect, it } from "vitest";
import { exceptionRows, libraryOf, lineRows } from "./excerpt";

const LIB = "/usr/lib/python3.11/site-packages/sklearn";
const text = [
  "Traceback (most recent call last):",
  '  File "ml_training/train.py", line 88, in train',
  "    model.fit(x_train, y_train)",
  `  File "${LIB}/base.py", line 1, in fit`,
  "    check(x)",
  `  File "${LIB}/utils.py", line 2, in check`,
  "    raise ValueError",
  "ValueError: Input X contains NaN.",
  "GradientBoostingRegressor does not accept missing values.",
].join("\n");
const frame = (file: string, row: number, own: boolean) => ({
  file,
  line: 1,
  function: "f",
  code: "",
  own,
  row,
  rows: 2,
});
const block = {
  line: 218,
  lines: 1,
  kind: "ValueError",
  message: "Input X contains NaN.",
  text,
  frames: [
    frame("ml_training/train.py", 1, true),
    frame(`${LIB}/base.py`, 3, false),
    frame(`${LIB}/utils.py`, 5, false),
  ],
};

it("own frames stay, the library's are folded, the error is marked", () => {
  expect(exceptionRows(block).map((row) => row.kind)).toEqual(["head", "own", "own", "folded", "line", "line"]);
  expect(exceptionRows(block)[3]).toMatchObject({ frames: 2, library: "sklearn", n: 218 });
  expect(exceptionRows(block).at(-1)).toMatchObject({ error: true });
});

it("an exception without frames is all error", () => {
  const rows = exceptionRows({ ...block, text: "ValueError: x", frames: [] });
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ kind: "line", error: true });
});

it("a library has the name of its package", () => {
  expect(libraryOf(`${LIB}/a/b.py`)).toBe("sklearn");
  expect(libraryOf("/usr/lib/python3.11/json/decoder.py")).toBe("python");
  expect(libraryOf("train.py")).toBe("");
});

it("shows the words of a line that colours a terminal", () => {
  const line = { n: 1, at: "2026-11-25T02:00:00Z", level: "info", msg: "\u001b[32mwatch 1\u001b[0m looked" };
  const rest = { task_id: "watch", attempt: 1, logger: "", src: "out", more: false, lost: 0 };
  expect(lineRows([{ ...line, ...rest }]).map((row) => "text" in row && row.text)).toEqual(["watch 1 looked"]);
});
