import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { catalogues as en } from "./en";
import { catalogues as ru } from "./ru";

type Texts = Record<string, string>;

function flat(value: unknown, path = ""): Texts {
  if (typeof value === "string") return { [path]: value };
  const found: Texts = {};
  for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
    Object.assign(found, flat(inner, path ? `${path}.${key}` : key));
  }
  return found;
}

/** The names that a message fills in. */
function holes(text: string, language: string): string[] {
  const names = new Set<string>();
  const walk = (elements: unknown): void => {
    for (const element of elements as {
      type: number;
      value?: string;
      options?: Record<string, { value: unknown }>;
    }[]) {
      if (element.type !== 0 && element.type !== 7 && typeof element.value === "string") names.add(element.value);
      for (const option of Object.values(element.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(text, language).getAst());
  return [...names].sort();
}

describe("catalogues", () => {
  it("both languages have the same catalogues", () => {
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  });

  for (const name of Object.keys(en)) {
    const english = flat(en[name]);
    const russian = flat(ru[name] ?? {});

    it(`${name}: both languages have the same keys`, () => {
      expect(Object.keys(russian).sort()).toEqual(Object.keys(english).sort());
    });

    it(`${name}: every message can be read and both languages fill in the same values`, () => {
      for (const [key, text] of Object.entries(english)) {
        const inRussian = russian[key];
        if (inRussian === undefined) continue;
        expect(holes(inRussian, "ru"), `${name}:${key}`).toEqual(holes(text, "en"));
      }
    });

    it(`${name}: Russian plurals have all four forms`, () => {
      for (const [key, text] of Object.entries(russian)) {
        for (const body of text.matchAll(/,\s*plural\s*,/g)) {
          const rest = text.slice(body.index);
          for (const form of ["one {", "few {", "many {", "other {"]) expect(rest, `${name}:${key}`).toContain(form);
        }
      }
    });
  }
});
