/** Whether the command palette is open; anything may open it, the palette itself is loaded when it is. */
import { useSyncExternalStore } from "react";

let isOpen = false;
const listeners = new Set<() => void>();

export function setPalette(open: boolean): void {
  if (open === isOpen) return;
  isOpen = open;
  for (const listener of [...listeners]) listener();
}

export function usePaletteIsOpen(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOpen,
  );
}
