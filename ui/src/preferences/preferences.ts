/** What a person chose in this browser: theme, language, time zone, single keys. Read before the first paint as well. */
import { useSyncExternalStore } from "react";

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
const listeners = new Set<() => void>();
let current: Preferences | null = null;

export function preferences(): Preferences {
  current ??= read();
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing still changes this page.
  }
  for (const listener of [...listeners]) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, preferences);
}

/** Whether the page is dark now; follows the system when that was chosen. */
export function useDark(): boolean {
  const { theme } = usePreferences();
  const system = useSyncExternalStore(
    (listener) => {
      const query = matchMedia("(prefers-color-scheme: dark)");
      query.addEventListener("change", listener);
      return () => query.removeEventListener("change", listener);
    },
    () => matchMedia("(prefers-color-scheme: dark)").matches,
  );
  return theme === "dark" || (theme === "system" && system);
}

function read(): Preferences {
  const kept = parsed();
  const language = document.documentElement.lang === "ru" ? "ru" : "en";
  return {
    theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "system",
    language,
    zone: kept.zone === "utc" || kept.zone === "dag" ? kept.zone : "local",
    keys: kept.keys !== false,
  };
}

function parsed(): Partial<Record<keyof Preferences, unknown>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
