/** Where the catalogues of each language come from: one chunk a language. */
import type { Language } from "../preferences/kept";

export type Catalogues = Record<string, Record<string, unknown>>;

const loaders: Record<Language, () => Promise<{ catalogues: Catalogues }>> = {
  en: () => import("./en"),
  ru: () => import("./ru"),
};

export async function loadCatalogues(language: Language): Promise<Catalogues> {
  return (await loaders[language]()).catalogues;
}
