/** What the list of runs is narrowed to, kept in the address. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { RunState } from "../../../api/schema";
import { type Filters, SPANS } from "../api/queries";

export const STATES: readonly RunState[] = ["running", "queued", "failed", "success", "cancelled"];

export function useFilters() {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const { dag = "", state = "", span = "" } = search;
  const filters: Filters = useMemo(
    () => ({
      dag,
      state: STATES.find((one) => one === state) ?? "",
      span: SPANS.find((one) => one === span) ?? "",
    }),
    [dag, state, span],
  );
  const setFilters = (change: Partial<Filters>) =>
    void navigate({ to: ".", search: (before) => ({ ...before, ...change }), replace: true });
  return {
    filters,
    setFilters,
    isFiltered: Boolean(filters.dag || filters.state || filters.span),
    clear: () => setFilters({ dag: "", state: "", span: "" }),
  };
}
