/** Whether this browser is logged in, as far as the API has said. */
import { useSyncExternalStore } from "react";
import { onLostSession } from "../api/client";

let lost = false;
const listeners = new Set<() => void>();

function set(value: boolean): void {
  if (lost === value) return;
  lost = value;
  for (const listener of [...listeners]) listener();
}

onLostSession.tell = () => set(true);

export function sessionIsBack(): void {
  set(false);
}

export function useLostSession(): boolean {
  return useSyncExternalStore(subscribe, () => lost);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
