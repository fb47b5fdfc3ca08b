/** Keys by their place on the keyboard (`event.code`), so that they work in every layout; silent while typing. */
import { useEffect, useRef } from "react";
import { preferences } from "../preferences/preferences";

/** `KeyR`, `Shift+KeyC`, `BracketLeft`, `Enter`, `Escape`, `Slash`, `ArrowDown` … */
export type Keys = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** `always`: also with letters as keys turned off, and while typing (for Escape and Ctrl+K). */
export function useKeys(keys: Keys, { enabled = true, always = false } = {}): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!enabled) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || (event.repeat && event.code === "Enter")) return;
      if (!always && (isTyping(event.target) || (!preferences().keys && event.code.startsWith("Key")))) return;
      const act = latest.current[nameOf(event)];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [enabled, always]);
}

function nameOf(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  return `${control}${alt}${event.shiftKey ? "Shift+" : ""}${event.code}`;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return (
    target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range", "submit"].includes(target.type)
  );
}
