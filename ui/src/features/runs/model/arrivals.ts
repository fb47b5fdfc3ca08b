/** New runs at the head of the list: they wait while the pointer rests on it. Pure. */

interface Listed {
  run_id: string;
}

/** What to show of `fresh` (newest first) when `seen` is shown; what is known is brought up to date in its place. */
export function arrived<R extends Listed>(
  seen: readonly R[],
  fresh: readonly R[],
  still: boolean,
): { shown: readonly R[]; waiting: number } {
  const first = seen[0];
  if (!still || !first) return { shown: fresh, waiting: 0 };
  const at = fresh.findIndex((run) => run.run_id === first.run_id);
  // Another list, or the head of ours has gone: nothing to hold on to.
  return at < 0 ? { shown: fresh, waiting: 0 } : { shown: fresh.slice(at), waiting: at };
}
