/** The DAG on one page: what it is, how its runs went, how long they take, what comes next. */
import type { DagView } from "../model/types";
import { DurationsCard } from "./durations-card";
import { GridCard } from "./grid-card";
import { NextCard } from "./next-card";
import styles from "./overview.module.css";
import { UsualCard } from "./usual-card";

export default function Overview({ view }: { view: DagView }) {
  return (
    <>
      <UsualCard view={view} />
      <GridCard dag={view.dag} />
      <div className={styles.pair}>
        <DurationsCard dag={view.dag} />
        <NextCard view={view} />
      </div>
    </>
  );
}
