/** The drawer "why does it wait" over any page: `?why={task}` of the page's run, or of the run named by `of`. */
import { useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { part } from "../live/part";

const WaitingDrawer = lazy(part(() => import("../features/waiting/waiting-drawer")));

export function WaitingGate() {
  const search: Record<string, string | undefined> = useSearch({ strict: false });
  const pageRun = useRouterState({
    select: ({ matches }) => matches.map((match) => ("run" in match.params ? String(match.params.run) : "")).at(-1),
  });
  const navigate = useNavigate();
  const run = search.of || pageRun;
  const task = search.why;
  if (!task || !run) return null;
  const close = () =>
    void navigate({
      to: ".",
      search: (before: Record<string, string | undefined>) => ({ ...before, why: undefined, of: undefined }),
      replace: true,
      resetScroll: false,
    });
  return (
    <Suspense fallback={null}>
      <WaitingDrawer key={`${run} ${task}`} run={run} task={task} onClose={close} />
    </Suspense>
  );
}
