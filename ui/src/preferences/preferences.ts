/** What a person chose in this browser: theme, language, time zone, single keys. Read before the first paint as well. */
import { useSyncExternalStore } from "react";
import { keepPreferences, type Preferences, readPreferences } from "./kept";

export type { Language, Preferences, Theme, ZoneChoice } from "./kept";

const listeners = new Set<() => void>();
let current: Preferences | null = null;

export function preferences(): Preferences {
  current ??= readPreferences();
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  keepPreferences(current);
  for (const listener of [...listeners]) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const DARK = "(prefers-color-scheme: dark)";

/** Whether the page is dark now; follows the system when that was chosen. */
export function useDark(): boolean {
  const { theme } = usePreferences();
  const system = useSyncExternalStore(subscribeToSystem, isSystemDark);
  return theme === "dark" || (theme === "system" && system);
}

function subscribeToSystem(listener: () => void): () => void {
  const query = matchMedia(DARK);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

function isSystemDark(): boolean {
  return matchMedia(DARK).matches;
}
