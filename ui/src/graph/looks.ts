/** How each line looks: where the stream flows, where it broke, and the dry bed below. */
import type { TaskState } from "../api/schema";
import type { Layout } from "./model";
import { type Summary, summarise } from "./summary";
import { beyond, linesOf, type Walk } from "./walk";

/** `fed`: what stands below is running. `broken`: something failed right here. `dry`: nothing came through. */
export type EdgeLook = "plain" | "fed" | "broken" | "dry";

export interface Looks {
  edges: ReadonlyMap<string, EdgeLook>;
  /** Keys of the lines and of the nodes of the critical path. */
  criticalEdges: ReadonlySet<string>;
  criticalNodes: ReadonlySet<string>;
  /** By key of a node or box. */
  summaries: ReadonlyMap<string, Summary>;
  running: number;
}

export interface Watched {
  states?: ReadonlyMap<string, TaskState> | undefined;
  criticalPath?: readonly string[] | undefined;
}

export function looksOf(layout: Layout, walk: Walk, { states, criticalPath = [] }: Watched): Looks {
  const summaries = new Map(
    [...layout.nodes, ...layout.boxes].map(({ key, tasks }) => [key, summarise(tasks, states)]),
  );
  const ends = (key: string, side: "before" | "behind"): Summary[] =>
    (walk.junctions.has(key) ? beyond(walk, key, side) : [key]).flatMap((end) => summaries.get(end) ?? []);
  const edges = new Map<string, EdgeLook>();
  for (const { key, source, target } of states ? layout.edges : []) {
    edges.set(key, edgeLook(ends(source, "before"), ends(target, "behind")));
  }
  const shown = criticalPath.flatMap((task) => walk.nodeOf.get(task) ?? []);
  return {
    edges,
    criticalEdges: linesOf(walk, criticalPath),
    criticalNodes: new Set(shown),
    summaries,
    running: layout.nodes.reduce((sum, node) => sum + Number(summaries.get(node.key)?.state === "running"), 0),
  };
}

function edgeLook(above: readonly Summary[], below: readonly Summary[]): EdgeLook {
  const dryBelow = below.some((end) => end.dry > 0);
  if (dryBelow && above.some((end) => end.failed > 0)) return "broken";
  if (dryBelow && above.some((end) => end.dry > 0)) return "dry";
  if (below.some((end) => end.running > 0) && above.some((end) => end.done === end.total)) return "fed";
  return "plain";
}
