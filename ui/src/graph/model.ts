/** What the graph is made of. No React here: these files run in the page, in a worker and in an offline page alike. */

/** A task as the API's `GraphTask` gives it; more fields may come along. */
export interface GraphTask {
  task_id: string;
  group?: string;
  pool?: string;
}

/** Every task of `upstream` stands before every task of `downstream`. */
export interface EdgeBundle {
  upstream: readonly string[];
  downstream: readonly string[];
}

export interface GraphGroup {
  group_id: string;
  label: string;
}

/** One version of a DAG: the API's `DagGraph` fits as it is. */
export interface DagShape {
  tasks: readonly GraphTask[];
  edges: readonly EdgeBundle[];
  groups?: readonly GraphGroup[];
}

/** `group`: written by the author. The others are found: twins side by side, steps in a row, whole layers. */
export type FoldKind = "group" | "parallel" | "series" | "layers";

/** Sizes in CSS pixels at zoom 1. */
export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Something drawn as one node: a task, or a fold with all its tasks. Coordinates are of the upper left corner. */
export interface PlacedNode extends Size, Point {
  key: string;
  kind: "task" | FoldKind;
  /** The task's id, or what the tasks of the fold have in common; may be empty. */
  label: string;
  /** Tasks inside in the order of the DAG; a task node has itself alone. */
  tasks: readonly string[];
  /** The innermost open fold around it, "" when there is none: it can be folded back. */
  parent: string;
}

/** An open fold drawn as a box around its content. */
export interface PlacedBox extends Size, Point {
  key: string;
  kind: FoldKind;
  label: string;
  tasks: readonly string[];
  depth: number;
}

/** Where many-to-many edges meet, so that 100 × 100 edges are 200 lines. */
export interface PlacedJunction extends Point {
  key: string;
}

/** A line from node (or box, or junction) to node; `points` go left to right, straight across columns. */
export interface PlacedEdge {
  key: string;
  source: string;
  target: string;
  points: readonly Point[];
}

export interface Layout extends Size {
  nodes: readonly PlacedNode[];
  boxes: readonly PlacedBox[];
  junctions: readonly PlacedJunction[];
  edges: readonly PlacedEdge[];
}
