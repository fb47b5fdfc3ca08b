/** The graph of a DAG, of its usual run or of one run: a canvas where there is room, a stream on narrow pages. */
import { useMediaQuery } from "@mantine/hooks";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { late } from "../../live/late";
import type { TaskGraphProps } from "../props";
import styles from "./task-graph.module.css";

const NARROW = "(max-width: 720px)";

const GraphCanvas = late(() => import("./graph-canvas"));
const TaskStream = late(() => import("./task-stream"));

// What will draw the graph comes while its data is asked for.
if (typeof matchMedia === "function") (matchMedia(NARROW).matches ? TaskStream : GraphCanvas).warm();

export function TaskGraph(props: TaskGraphProps) {
  const { t } = useTranslation("graph");
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false });
  const { as = "auto" } = props;
  if (props.graph.tasks.length === 0) return <p className={styles.empty}>{t("empty")}</p>;
  const stream = as === "stream" || (as === "auto" && narrow);
  return (
    <Suspense fallback={<div className={styles.loading} />}>
      {stream ? <TaskStream {...props} /> : <GraphCanvas {...props} />}
    </Suspense>
  );
}
