/** What a page hands to the graph. One set for the canvas, the phone stream and the offline page. */
import type { TaskState } from "../api/schema";
import type { Open } from "./fold-state";
import type { DagShape } from "./model";

/** How far a mapped task or any counted work is. `failed` is part of `done`. */
export interface Progress {
  done: number;
  total: number;
  failed?: number;
}

/** What the node of one task says. All texts come translated and formatted; absent parts are not drawn. */
export interface TaskFace {
  /** The second line: "41 s · try 2 of 2 · exit 1". */
  detail?: string;
  /** The share bar: part of the whole run's length, 0 to 1. */
  share?: number;
  /** A word on a dark chip: "slowest". */
  badge?: string;
  /** A ring instead of the state's icon; the numbers stand beside it: a mapped task is one node. */
  progress?: Progress;
}

/** What is drawn. `graph` is the API's `DagGraph` as it is; a new object means a new layout, so keep it stable. */
export interface GraphContent {
  graph: DagShape;
  /** Says what this graph is, for screen readers: "Tasks of ml_pipeline". */
  label: string;
  /** Task id -> state. Absent for the usual run: nodes then have no icon. A new map per change is fine. */
  states?: ReadonlyMap<string, TaskState>;
  /** Asked only for tasks in sight; memoise it, a new function redraws all nodes. */
  faceOf?: (taskId: string) => TaskFace;
  /** Task ids from the start to the end, as the API gives them. */
  criticalPath?: readonly string[];
  /** Slots of the pools, told in the box of what is parallel. */
  pools?: ReadonlyMap<string, number>;
}

export interface TaskGraphProps extends GraphContent {
  selected?: string;
  /** A click, Enter or Space on a task. Without it nodes can be walked but not chosen. */
  onSelect?: (taskId: string) => void;
  /** Tasks that may not be hidden in a fold when the graph opens: what failed, what the address selects. */
  mustSee?: readonly string[];
  /** `all`: two and more tasks side by side stand in a tinted box. `crowds`: only more than six do. Default `all`. */
  boxes?: "all" | "crowds";
  /** Which folds are open, when the address keeps it. Left out: the graph keeps it itself. */
  open?: Open;
  onOpen?: (open: Open) => void;
  /** CSS pixels; a higher graph is panned. Default 520. */
  heightMax?: number;
  /** `auto`: a stream below 720 px of page width, else the canvas. Default `auto`. */
  as?: "auto" | "canvas" | "stream";
}

/** The phone stream is also the list that screen readers get beside the canvas. */
export type TaskStreamProps = Pick<TaskGraphProps, "selected" | "onSelect" | "mustSee" | "open" | "onOpen"> &
  GraphContent;
