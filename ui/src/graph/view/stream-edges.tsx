/** The ribbons of the canvas, with the mark where the stream broke. */
import { memo } from "react";
import type { Critical, EdgeLook, Looks } from "../looks";
import type { PlacedEdge, PlacedJunction, Size } from "../model";
import { markSpot, pathOfEdge } from "../path";
import styles from "./stream-edges.module.css";

interface StreamEdgesProps {
  size: Size;
  edges: readonly PlacedEdge[];
  junctions: readonly PlacedJunction[];
  looks: Looks;
  critical: Critical;
  /** Dashes drift along edges that are being fed. */
  moving: boolean;
}

/** What must not be covered is drawn last. */
const LAYERS: Record<EdgeLook, number> = { plain: 0, dry: 1, fed: 2, broken: 4 };
const CRITICAL_LAYER = 3;
const MARK_ROOM = 30;

export const StreamEdges = memo(function StreamEdges(props: StreamEdgesProps) {
  const { size, edges, junctions, looks, critical: path, moving } = props;
  const drawn = edges
    .map((edge) => {
      const look = looks.edges.get(edge.key) ?? "plain";
      const critical = path.edges.has(edge.key);
      return { edge, look, critical, layer: critical && look === "plain" ? CRITICAL_LAYER : LAYERS[look] };
    })
    .sort((a, b) => a.layer - b.layer);
  return (
    <svg className={styles.edges} width={size.width} height={size.height} aria-hidden="true" focusable="false">
      {drawn.map(({ edge, look, critical }) => (
        <path
          key={edge.key}
          d={pathOfEdge(edge)}
          data-look={look}
          data-critical={critical || undefined}
          data-moving={(look === "fed" && moving) || undefined}
        />
      ))}
      {junctions.map((junction) => (
        <circle key={junction.key} cx={junction.x} cy={junction.y} r="3" className={styles.junction} />
      ))}
      {drawn.map(({ edge, look }) => (look === "broken" ? <Break key={edge.key} edge={edge} /> : null))}
    </svg>
  );
});

function Break({ edge }: { edge: PlacedEdge }) {
  const { x, y } = markSpot(edge.points, MARK_ROOM);
  return (
    <g className={styles.break} transform={`translate(${x} ${y})`}>
      <circle r="9" />
      <path d="m-3.4-3.4 6.8 6.8m0-6.8-6.8 6.8" />
    </g>
  );
}
