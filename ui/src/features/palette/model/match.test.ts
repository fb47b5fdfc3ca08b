import { expect, it } from "vitest";
import { fitting, rank, spellings } from "./match";

it("knows what was meant when the layout was wrong, both ways", () => {
  expect(spellings("ьд_зшз")).toEqual(["ьд_зшз", "ml_pip"]);
  expect(spellings("Nfqv")).toEqual(["nfqv", "тайм"]);
  expect(spellings("42")).toEqual(["42"]);
});

it("puts beginnings before words, words before parts, parts before scattered letters", () => {
  const names = ["retrain", "a_train", "train", "t-r-a-i-n", "other"];
  expect(fitting("train", names, (name) => name)).toEqual(["train", "a_train", "retrain", "t-r-a-i-n"]);
  expect(rank("zz", "other")).toBeNull();
});

it("everything fits when nothing was typed", () => {
  expect(fitting("", ["b", "a"], (name) => name)).toEqual(["b", "a"]);
});
