/** The place of the run's files: nothing, and nothing loaded, for the many runs that have none. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { part } from "../../../live/part";
import { filesQuery } from "../api/queries";

const FilesCard = lazy(part(() => import("./files-card")));

export function FilesSlot({ run, onTask }: { run: string; onTask: (task: string) => void }) {
  const found = useQuery(filesQuery(run)).data;
  // What the last steps made of all the others is what people come for.
  const files = useMemo(() => found?.items.toReversed() ?? [], [found]);
  if (files.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <FilesCard files={files} onTask={onTask} />
    </Suspense>
  );
}
