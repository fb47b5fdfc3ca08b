/** The layout of a graph for the width it is given: at once when it is small, beside the page when it is not. */
import { useEffect, useMemo, useState } from "react";
import { type Arrange, type Arrangement, arrange } from "../arrange";
import { AT_ONCE_MAX, arrangeAnyhow } from "../layout-client";
import type { DagShape } from "../model";

interface Done {
  graph: DagShape;
  arrangement: Arrangement;
}

/** `null` until the first layout is there; while the next one is made the last one stays. Keep the request stable. */
export function useArrangement(request: Arrange | null): Arrangement | null {
  const atOnce = request !== null && request.graph.tasks.length <= AT_ONCE_MAX;
  const immediate = useMemo(() => (request && atOnce ? arrange(request) : null), [request, atOnce]);
  const [done, setDone] = useState<Done | null>(null);
  useEffect(() => {
    if (!request || atOnce) return;
    let stale = false;
    void arrangeAnyhow(request).then((arrangement) => {
      if (!stale) setDone({ graph: request.graph, arrangement });
    });
    return () => {
      stale = true;
    };
  }, [request, atOnce]);
  if (atOnce) return immediate;
  return done && done.graph === request?.graph ? done.arrangement : null;
}
