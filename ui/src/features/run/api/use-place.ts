/** The page's place in the address, and how to go to another one. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { RunState } from "../../../api/schema";
import { type Place, placeOf } from "../model/place";

export type Go = (change: Partial<Place>) => void;

export function usePlace(state: RunState): { place: Place; go: Go } {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = useCallback<Go>(
    (change) => {
      const changed: Record<string, string | undefined> = {};
      if ("task" in change) changed.task = change.task;
      if ("attempt" in change) changed.try = change.attempt === undefined ? undefined : `${change.attempt}`;
      if ("line" in change) changed.line = change.line === undefined ? undefined : `${change.line}`;
      if ("view" in change) changed.view = change.view;
      void navigate({
        to: ".",
        search: (old: Record<string, string | undefined>) => ({ ...old, ...changed }),
        replace: true,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return { place: placeOf(search, state), go };
}
