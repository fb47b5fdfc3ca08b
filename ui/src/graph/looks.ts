/** How each line looks: where the stream flows, where it broke, and the dry bed below. */
import type { TaskState } from "../api/schema";
import type { Layout } from "./model";
import { type Summary, summarise } from "./summary";
import { beyond, linesOf, type Walk } from "./walk";

/** `fed`: what stands below is running. `broken`: something failed right here. `dry`: nothing came through. */
export type EdgeLook = "plain" | "fed" | "broken" | "dry";

/** Keys of the lines and of the nodes that a path of tasks takes. */
export interface Critical {
  edges: ReadonlySet<string>;
  nodes: ReadonlySet<string>;
}

export interface Looks {
  edges: ReadonlyMap<string, EdgeLook>;
  /** By key of a node or box. */
  summaries: ReadonlyMap<string, Summary>;
  /** Nodes that are running. */
  running: number;
  /** Keys of the nodes of which nothing ran, since something failed. */
  dry: ReadonlySet<string>;
}

export function criticalOf(walk: Walk, path: readonly string[]): Critical {
  return { edges: linesOf(walk, path), nodes: new Set(path.flatMap((task) => walk.nodeOf.get(task) ?? [])) };
}

export function looksOf(layout: Layout, walk: Walk, states: ReadonlyMap<string, TaskState> | undefined): Looks {
  const summaries = new Map(
    [...layout.nodes, ...layout.boxes].map(({ key, tasks }) => [key, summarise(tasks, states)]),
  );
  const ends = (key: string, side: "before" | "behind"): Summary[] =>
    (walk.junctions.has(key) ? beyond(walk, key, side) : [key]).flatMap((end) => summaries.get(end) ?? []);
  const edges = new Map<string, EdgeLook>();
  for (const { key, source, target } of states ? layout.edges : []) {
    edges.set(key, edgeLook(ends(source, "before"), ends(target, "behind")));
  }
  const shown = layout.nodes.map(({ key }) => ({ key, summary: summaries.get(key) }));
  return {
    edges,
    summaries,
    running: shown.filter(({ summary }) => summary?.state === "running").length,
    dry: new Set(shown.flatMap(({ key, summary }) => (summary && summary.dry === summary.total ? [key] : []))),
  };
}

function edgeLook(above: readonly Summary[], below: readonly Summary[]): EdgeLook {
  const dryBelow = below.some((end) => end.dry > 0);
  if (dryBelow && above.some((end) => end.failed > 0)) return "broken";
  if (dryBelow && above.some((end) => end.dry > 0)) return "dry";
  if (below.some((end) => end.running > 0) && above.some((end) => end.done === end.total)) return "fed";
  return "plain";
}
