/** One key of the address as state: a default value leaves the address bare. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

export function useSearchKey(key: string): [string | undefined, (value: string | undefined) => void] {
  const search: Record<string, string | undefined> = useSearch({ strict: false });
  const change = useSearchChange();
  const set = useCallback((value: string | undefined) => change({ [key]: value }), [change, key]);
  return [search[key], set];
}

export function useSearchChange(): (change: Record<string, string | undefined>) => void {
  const navigate = useNavigate();
  return useCallback(
    (change) =>
      void navigate({
        to: ".",
        search: (old: Record<string, string | undefined>) => ({ ...old, ...change }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
}
