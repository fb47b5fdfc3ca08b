/** The place of the run's files: nothing, and nothing loaded, for the many runs that have none. */
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { part } from "../../../live/part";
import { filesQuery } from "../api/queries";

const FilesCard = lazy(part(() => import("./files-card")));

export function FilesSlot({ run, onTask }: { run: string; onTask: (task: string) => void }) {
  const files = useQuery(filesQuery(run)).data?.items ?? [];
  if (files.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <FilesCard files={files} onTask={onTask} />
    </Suspense>
  );
}
