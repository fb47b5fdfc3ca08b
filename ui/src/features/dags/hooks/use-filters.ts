/** What the list is narrowed to, kept in the address. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { DagState, Filters } from "../api/queries";

const STATES: readonly DagState[] = ["failed", "late", "running", "import_error", "paused", "scheduled"];

export function useFilters() {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const { q = "", tag = "", owner = "", state = "" } = search;
  const filters: Filters = useMemo(
    () => ({ q, tag, owner, state: STATES.find((one) => one === state) ?? "" }),
    [q, tag, owner, state],
  );
  const setFilters = (change: Partial<Filters>) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...change }), replace: true });
  const isFiltered = Boolean(q || tag || owner || filters.state);
  const clear = () => setFilters({ q: "", tag: "", owner: "", state: "" });
  return { filters, setFilters, isFiltered, clear };
}
