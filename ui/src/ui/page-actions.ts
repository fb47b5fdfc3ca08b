/** What can be done on the page that is open, for the command palette: pages tell it, the palette lists it. */
import { useEffect, useSyncExternalStore } from "react";

export interface PageAction {
  id: string;
  label: string;
  /** What it costs, said before it is done. */
  price?: string;
  /** The key that does the same on the page. */
  keyName?: string;
  /** Needs a second Enter. */
  isDestructive?: boolean;
  act: () => void;
}

let actions: readonly PageAction[] = [];
const listeners = new Set<() => void>();

function tell(next: readonly PageAction[]): void {
  actions = next;
  for (const listener of [...listeners]) listener();
}

/** `own` must keep its identity while nothing in it changes (`useMemo`). */
export function usePageActions(own: readonly PageAction[]): void {
  useEffect(() => {
    tell([...actions, ...own]);
    return () => tell(actions.filter((one) => !own.includes(one)));
  }, [own]);
}

export function useAllPageActions(): readonly PageAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => actions,
  );
}
