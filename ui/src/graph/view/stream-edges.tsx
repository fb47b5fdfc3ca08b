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
const KINDS: readonly { look: EdgeLook; critical: boolean }[] = [
  { look: "plain", critical: false },
  { look: "dry", critical: false },
  { look: "fed", critical: false },
  { look: "dry", critical: true },
  { look: "plain", critical: true },
  { look: "fed", critical: true },
  { look: "broken", critical: false },
  { look: "broken", critical: true },
];
const MARK_ROOM = 30;
/**
 * Alike lines that run between the same stretches of the height are one path. One path of all would be worked out anew
 * for each tile that the browser paints while the graph is panned; one path a line would cost an element each.
 */
const STRETCH = 240;

export const StreamEdges = memo(function StreamEdges(props: StreamEdgesProps) {
  const { size, edges, junctions, looks, critical: path, moving } = props;
  const lookOf = (edge: PlacedEdge) => looks.edges.get(edge.key) ?? "plain";
  const alike = KINDS.flatMap((kind) => {
    const same = edges.filter((edge) => lookOf(edge) === kind.look && path.edges.has(edge.key) === kind.critical);
    return [...byStretch(same)].map(([stretch, found]) => ({ ...kind, stretch, edges: found }));
  });
  return (
    <svg className={styles.edges} width={size.width} height={size.height} aria-hidden="true" focusable="false">
      {alike.map(({ look, critical, stretch, edges: same }) => (
        <path
          key={`${look} ${critical} ${stretch}`}
          d={same.map(pathOfEdge).join("")}
          data-look={look}
          data-critical={critical || undefined}
          data-moving={(look === "fed" && moving) || undefined}
        />
      ))}
      {junctions.map((junction) => (
        <circle key={junction.key} cx={junction.x} cy={junction.y} r="3" className={styles.junction} />
      ))}
      {edges.map((edge) => (lookOf(edge) === "broken" ? <Break key={edge.key} edge={edge} /> : null))}
    </svg>
  );
});

function byStretch(edges: readonly PlacedEdge[]): Map<string, PlacedEdge[]> {
  const found = new Map<string, PlacedEdge[]>();
  for (const edge of edges) {
    const ys = edge.points.map((point) => Math.floor(point.y / STRETCH));
    const stretch = `${Math.min(...ys)} ${Math.max(...ys)}`;
    const same = found.get(stretch);
    if (same) same.push(edge);
    else found.set(stretch, [edge]);
  }
  return found;
}

function Break({ edge }: { edge: PlacedEdge }) {
  const { x, y } = markSpot(edge.points, MARK_ROOM);
  return (
    <g className={styles.break} transform={`translate(${x} ${y})`}>
      <circle r="9" />
      <path d="m-3.4-3.4 6.8 6.8m0-6.8-6.8 6.8" />
    </g>
  );
}
