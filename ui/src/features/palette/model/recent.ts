/** Where a person went from the palette, newest first, kept in this browser. */

export interface Recent {
  to: string;
  label: string;
  kind: "dag" | "run" | "task";
}

const KEY = "potok.recent";
const KEPT = 8;

export function recents(): Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isRecent).slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

export function remember(one: Recent): void {
  const others = recents().filter((other) => other.to !== one.to);
  try {
    localStorage.setItem(KEY, JSON.stringify([one, ...others].slice(0, KEPT)));
  } catch {
    // A browser that keeps nothing has no recent places.
  }
}

function isRecent(one: unknown): one is Recent {
  return (
    typeof one === "object" &&
    one !== null &&
    "to" in one &&
    typeof one.to === "string" &&
    one.to.startsWith("/") &&
    "label" in one &&
    typeof one.label === "string" &&
    "kind" in one &&
    (one.kind === "dag" || one.kind === "run" || one.kind === "task")
  );
}
