/** The runs of a DAG: the grid first, then all of them as a list. */
import type { DagView } from "../model/types";
import { GridCard } from "./grid-card";
import { RunList } from "./run-list";

export default function RunsTab({ view }: { view: DagView }) {
  return (
    <>
      <GridCard dag={view.dag} />
      <RunList dag={view.dag} />
    </>
  );
}
