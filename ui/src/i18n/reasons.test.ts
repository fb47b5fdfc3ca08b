/** Every reason that the engine can give has a text in both languages, and each text can be filled in. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { plain, sentenceParts } from "../ui/sentence-parts";
import { catalogues as en } from "./en";
import { catalogues as ru } from "./ru";

const SENTENCES = fileURLToPath(new URL("../../../src/potok/engine/sentences.py", import.meta.url));

/** The codes of the table in the engine's sentences. */
function codes(): string[] {
  const table = readFileSync(SENTENCES, "utf8").split("_TEXTS: dict")[1] ?? "";
  return [...table.matchAll(/^ {4}"(\w+)":/gm)].map((match) => match[1] ?? "");
}

const catalogues = { en: en.reasons as Record<string, string>, ru: ru.reasons as Record<string, string> };

it("the engine's codes are found", () => {
  expect(existsSync(SENTENCES)).toBe(true);
  expect(codes().length).toBeGreaterThan(60);
});

for (const language of ["en", "ru"] as const) {
  const translate = (code: string, values: Record<string, unknown>) => {
    const text = catalogues[language][code];
    return text === undefined ? null : String(new IntlMessageFormat(text, language).format(values as never));
  };
  const told = (code: string, values: Record<string, unknown>) =>
    plain(sentenceParts({ code, values, text: "?" }, language, translate)).replaceAll("\u00a0", " ");

  describe(language, () => {
    it("has a text for every code", () => {
      expect(codes().filter((code) => !(code in catalogues[language]))).toEqual([]);
    });

    it("leaves out what a reason does not tell", () => {
      expect(told("run_cancelled", { cancelled: 0 })).toBe(language === "en" ? "Cancelled" : "Отменён");
      expect(told("cleared", { by: "ann" })).not.toContain("param");
    });
  });

  it(`${language}: the verdict reads as the brief says`, () => {
    const values = { task: "train_2", try: 2, of: 2, duration_s: 41, blocked: 2 };
    expect(told("run_failed", values)).toBe(
      language === "en"
        ? "train_2 failed on try 2 of 2 after 41 s; 2 tasks below it did not run"
        : "train_2: ошибка на попытке 2 из 2, через 41 с; 2 задачи ниже не запускались",
    );
    expect(told("run_failed", { ...values, blocked: 0 })).not.toContain(";");
    expect(told("run_success_usual", { duration_s: 622, usual_s: 600 })).toBe(
      language === "en" ? "Succeeded in 10 min 22 s, as usual" : "Успешно за 10 мин 22 с, как обычно",
    );
    expect(told("advice_first_seen", { unlikely: true, of: 9 })).toContain(language === "en" ? "retry" : "повтор");
    expect(told("advice_first_seen", { unlikely: false, of: 9 })).not.toContain(language === "en" ? "retry" : "повтор");
  });
}
