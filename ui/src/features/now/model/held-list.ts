/** The list of things that need a person, as it is shown: nothing moves under the pointer, what got well leaves slowly. Pure. */
import type { Need } from "../api/queries";

export interface Shown {
  need: Need;
  /** How it leaves: it is well again, or somebody muted it; null while it stays. */
  leaving: "well" | "muted" | null;
}

export interface Held {
  shown: readonly Shown[];
  /** New things that wait until the pointer is elsewhere. */
  waiting: number;
}

export const NOTHING_HELD: Held = { shown: [], waiting: 0 };

/** What to show of `fresh` (newest first) after `held`; `still`: the pointer rests on the list. */
export function follow(held: Held, fresh: readonly Need[], still: boolean, muted: ReadonlySet<string>): Held {
  const byKey = new Map(fresh.map((need) => [need.key, need]));
  const known = new Set(held.shown.map((one) => one.need.key));
  const kept = held.shown.map((one) => {
    const need = byKey.get(one.need.key);
    if (need) return { need, leaving: null };
    return { need: one.need, leaving: one.leaving ?? (muted.has(one.need.key) ? "muted" : "well") } as Shown;
  });
  const added = fresh.filter((need) => !known.has(need.key));
  if (still) return { shown: kept, waiting: added.length };
  const stays = new Set(kept.filter((one) => one.leaving === null).map((one) => one.need.key));
  const shown: Shown[] = fresh
    .filter((need) => stays.has(need.key) || !known.has(need.key))
    .map((need) => ({ need, leaving: null }));
  // What leaves keeps its place among the others for as long as it is seen.
  kept.forEach((one, index) => {
    if (one.leaving !== null) shown.splice(Math.min(index, shown.length), 0, one);
  });
  return { shown, waiting: 0 };
}

/** Without what has been seen leaving. */
export function dropped(held: Held, keys: ReadonlySet<string>): Held {
  return { ...held, shown: held.shown.filter((one) => one.leaving === null || !keys.has(one.need.key)) };
}
