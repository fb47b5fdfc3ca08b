/** Texts in both languages. Only the chosen language is loaded; catalogues are ICU messages, one file a feature. */
import i18next from "i18next";
import ICU from "i18next-icu";
import { initReactI18next } from "react-i18next";
import type { Language } from "../preferences/preferences";
import { loadCatalogues } from "./loaders";

export async function startTexts(language: Language): Promise<void> {
  const catalogues = await loadCatalogues(language);
  await i18next
    .use(ICU)
    .use(initReactI18next)
    .init({
      lng: language,
      resources: { [language]: catalogues },
      fallbackLng: false,
      defaultNS: "words",
      nsSeparator: ":",
      keySeparator: ".",
      returnNull: false,
      interpolation: { escapeValue: false },
      react: { useSuspense: false },
    });
}

export async function changeLanguage(language: Language): Promise<void> {
  const catalogues = await loadCatalogues(language);
  for (const [name, texts] of Object.entries(catalogues)) i18next.addResourceBundle(language, name, texts, true, true);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
