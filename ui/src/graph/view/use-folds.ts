/** Which folds a person opened and closed; a caller may keep it in the address instead. */
import { useCallback, useMemo, useState } from "react";
import type { Open } from "../fold-state";

interface Kept {
  open: Open;
  /** Tasks shown in any case: a fold that was closed by hand stays closed until others must be seen. */
  mustSee: readonly string[];
  asked: string;
}

export interface Folds {
  open: Open;
  mustSee: readonly string[];
  setOpen: (open: Open) => void;
}

const NONE: readonly string[] = [];

export function useFolds(
  given: Open | undefined,
  mustSee: readonly string[] = NONE,
  onOpen?: (open: Open) => void,
): Folds {
  const asked = mustSee.join("\n");
  const [kept, setKept] = useState<Kept>({ open: "first", mustSee, asked });
  let now = kept;
  if (kept.asked !== asked) {
    // What was opened to show a task stays open when the next one is chosen.
    now = { ...kept, mustSee: [...new Set([...kept.mustSee, ...mustSee])], asked };
    setKept(now);
  }
  const setOpen = useCallback(
    (open: Open) => {
      setKept({ open, mustSee: NONE, asked });
      onOpen?.(open);
    },
    [asked, onOpen],
  );
  return useMemo(
    () => ({ open: given ?? now.open, mustSee: now.mustSee, setOpen }),
    [given, now.open, now.mustSee, setOpen],
  );
}
