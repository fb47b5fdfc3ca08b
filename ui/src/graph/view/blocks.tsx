/** A graph from afar: nodes as plain blocks, one path a state, so that thousands cost as much as ten. */
import { memo } from "react";
import type { TaskState } from "../../api/schema";
import type { Critical, Looks } from "../looks";
import type { PlacedNode, Size } from "../model";
import { pathOfEdge } from "../path";
import type { InSight } from "../sight";
import styles from "./blocks.module.css";

/** More lines than this are a grey haze anyway. */
const LINES_MAX = 4_000;

interface BlocksProps {
  size: Size;
  seen: InSight;
  looks: Looks;
  critical: Critical;
}

export const Blocks = memo(function Blocks({ size, seen, looks, critical: path }: BlocksProps) {
  const byState = new Map<TaskState | "none", PlacedNode[]>();
  for (const node of seen.nodes) {
    const state = looks.summaries.get(node.key)?.state ?? "none";
    const same = byState.get(state);
    if (same) same.push(node);
    else byState.set(state, [node]);
  }
  const lines = seen.edges.length > LINES_MAX ? [] : seen.edges;
  const critical = lines.filter((edge) => path.edges.has(edge.key));
  return (
    <svg className={styles.blocks} width={size.width} height={size.height} aria-hidden="true" focusable="false">
      {seen.boxes.map((box) => (
        <rect key={box.key} className={styles.box} x={box.x} y={box.y} width={box.width} height={box.height} rx="12" />
      ))}
      <path className={styles.lines} d={lines.map((edge) => pathOfEdge(edge)).join("")} />
      <path className={styles.critical} d={critical.map((edge) => pathOfEdge(edge)).join("")} />
      {[...byState].map(([state, nodes]) => (
        <path key={state} className={styles.nodes} data-state={state} d={nodes.map(blockOf).join("")} />
      ))}
    </svg>
  );
});

function blockOf({ x, y, width, height }: PlacedNode): string {
  return `M${x} ${y}h${width}v${height}h${-width}z`;
}
