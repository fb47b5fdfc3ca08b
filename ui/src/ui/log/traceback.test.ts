import { expect, it } from "vitest";
import { textParts } from "./traceback";

const TRACEBACK = `Traceback (most recent call last):
  File "ml.py", line 3, in train
    model.fit(rows)
  File "/usr/lib/python3.11/site-packages/sklearn/base.py", line 1151, in wrapper
    return fit_method(estimator, *args)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/usr/lib/python3.11/site-packages/sklearn/svm.py", line 7, in fit
    check(rows)
ValueError: Input X contains NaN.
column 7 is empty
`;

it("tells the author's frames from a library's and folds the latter", () => {
  expect(textParts(TRACEBACK).map(({ kind, row, frames, library }) => [kind, row, frames, library])).toEqual([
    ["head", 0, 0, ""],
    ["own", 1, 1, ""],
    ["library", 3, 2, "sklearn"],
    ["error", 8, 0, ""],
  ]);
  expect(textParts(TRACEBACK).at(-1)?.text).toBe("ValueError: Input X contains NaN.\ncolumn 7 is empty");
});

it("leaves other messages as they are", () => {
  expect(textParts('one\n  File "x.py", line 3')).toEqual([
    { kind: "text", text: 'one\n  File "x.py", line 3', row: 0, frames: 0, library: "" },
  ]);
});

it("keeps the words between chained exceptions", () => {
  const chained = `${TRACEBACK}\nDuring handling of the above exception, another exception occurred:\n\n${TRACEBACK}`;
  const kinds = textParts(chained).map((part) => part.kind);
  expect(kinds).toEqual(["head", "own", "library", "error", "text", "head", "text", "head", "own", "library", "error"]);
});
