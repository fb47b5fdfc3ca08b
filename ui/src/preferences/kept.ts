/** What this browser has kept of a person's choices. Needs no React: the first questions to the server depend on it. */

export type Theme = "system" | "light" | "dark";
export type Language = "en" | "ru";
export type ZoneChoice = "local" | "utc" | "dag";

export interface Preferences {
  theme: Theme;
  language: Language;
  zone: ZoneChoice;
  /** Whether single letters act as keys. */
  keys: boolean;
}

const KEY = "potok.preferences";

export function readPreferences(): Preferences {
  const kept = parsed();
  const language = document.documentElement.lang === "ru" ? "ru" : "en";
  return {
    theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "system",
    language,
    zone: kept.zone === "utc" || kept.zone === "dag" ? kept.zone : "local",
    keys: kept.keys !== false,
  };
}

export function keepPreferences(chosen: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // A browser that keeps nothing still changes this page.
  }
}

function parsed(): Partial<Record<keyof Preferences, unknown>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
