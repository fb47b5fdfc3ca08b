/** Keeps the shown list in step with the answers; what got well or was muted is seen for five seconds more. */
import { useCallback, useEffect, useReducer, useRef } from "react";
import type { Need } from "../api/queries";
import { dropped, follow, type Held, NOTHING_HELD } from "../model/held-list";

const SEEN_LEAVING_MS = 5_000;

type Change =
  | { type: "answer"; fresh: readonly Need[]; still: boolean; muted: ReadonlySet<string> }
  | { type: "seen"; keys: ReadonlySet<string> };

function change(held: Held, what: Change): Held {
  return what.type === "seen" ? dropped(held, what.keys) : follow(held, what.fresh, what.still, what.muted);
}

export function useHeldNeeds(fresh: readonly Need[], still: boolean) {
  // Filled before the first paint: a list that is known is never shown empty.
  const [held, send] = useReducer(change, NOTHING_HELD, (nothing) => follow(nothing, fresh, false, new Set()));
  const muted = useRef(new Set<string>());
  useEffect(() => send({ type: "answer", fresh, still, muted: muted.current }), [fresh, still]);
  const leaving = held.shown
    .filter((one) => one.leaving !== null)
    .map((one) => one.need.key)
    .join("\n");
  useEffect(() => {
    if (!leaving) return;
    const keys = new Set(leaving.split("\n"));
    const timer = setTimeout(() => send({ type: "seen", keys }), SEEN_LEAVING_MS);
    return () => clearTimeout(timer);
  }, [leaving]);
  const noteMuted = useCallback((key: string, isMuted: boolean) => {
    if (isMuted) muted.current.add(key);
    else muted.current.delete(key);
  }, []);
  return { ...held, noteMuted };
}
