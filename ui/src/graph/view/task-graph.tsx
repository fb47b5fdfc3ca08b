/** The graph of a DAG, of its usual run or of one run: a canvas where there is room, a stream on narrow pages. */
import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { part } from "../../live/part";
import type { TaskGraphProps } from "../props";
import styles from "./task-graph.module.css";

const NARROW = "(max-width: 720px)";

const loadCanvas = () => import("./graph-canvas");
const loadStream = () => import("./task-stream");
const GraphCanvas = lazy(part(loadCanvas));
const TaskStream = lazy(part(loadStream));

// What will draw the graph comes while its data is asked for.
if (typeof matchMedia === "function") (matchMedia(NARROW).matches ? loadStream() : loadCanvas()).catch(() => undefined);

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
