/** What stands on a node, the same on the canvas, in the stream, for readers and in a picture. */
import type { TaskState } from "../api/schema";
import type { PlacedBox, PlacedNode } from "./model";
import type { Progress, TaskFace } from "./props";
import type { Summary } from "./summary";

/** Words of the graph in the language of the reader. */
export interface GraphTexts {
  tasks: (n: number) => string;
  parallel: (n: number) => string;
  series: (n: number) => string;
  pool: (pool: string, slots: number | undefined) => string;
  done: (done: number, total: number) => string;
  failed: (n: number) => string;
  running: (n: number) => string;
  dry: (n: number) => string;
  state: (state: TaskState) => string;
  after: (list: string) => string;
  before: (list: string) => string;
  more: (n: number) => string;
  critical: string;
}

export interface NodeFace extends TaskFace {
  title: string;
  state: TaskState | undefined;
}

export function nodeFace(
  node: PlacedNode,
  summary: Summary | undefined,
  faceOf: ((taskId: string) => TaskFace) | undefined,
  texts: GraphTexts,
): NodeFace {
  const state = summary?.state;
  if (node.kind === "task") {
    const face = faceOf?.(node.tasks[0] ?? "") ?? {};
    const counted = face.progress && texts.done(face.progress.done, face.progress.total);
    return { ...face, title: node.label, state, detail: joined([counted, face.detail]) };
  }
  const count = node.tasks.length;
  const title = node.label || (node.kind === "parallel" ? texts.parallel(count) : texts.tasks(count));
  const size = node.label && (node.kind === "series" ? texts.series(count) : texts.tasks(count));
  const counted = state && summary ? counts(summary, texts) : [];
  const face: NodeFace = { title, state, detail: joined(underWay(summary) ? counted : [size, ...counted]) };
  const progress = summary && progressOf(summary);
  return progress ? { ...face, progress } : face;
}

/** A ring shows only while there is something to wait for. */
function progressOf(summary: Summary): Progress | undefined {
  const { done, total, failed } = summary;
  return underWay(summary) ? { done, total, failed } : undefined;
}

function underWay(summary: Summary | undefined): boolean {
  return summary?.state !== undefined && summary.done > 0 && summary.done < summary.total;
}

function counts(summary: Summary, texts: GraphTexts): string[] {
  const { done, total, failed, running, dry } = summary;
  return [
    underWay(summary) ? texts.done(done, total) : "",
    failed > 0 ? texts.failed(failed) : "",
    running > 0 ? texts.running(running) : "",
    dry > 0 ? texts.dry(dry) : "",
  ];
}

/** The line on top of a box: its name, how many stand in it, and the pool they share. */
export function boxTitle(
  box: PlacedBox,
  poolOf: (taskId: string) => string,
  pools: ReadonlyMap<string, number> | undefined,
  texts: GraphTexts,
): string {
  const [pool = "", ...others] = new Set(box.tasks.map(poolOf));
  const shared = pool && others.length === 0 ? texts.pool(pool, pools?.get(pool)) : "";
  const size = box.kind === "parallel" ? texts.parallel(box.tasks.length) : "";
  return joined([box.kind === "group" ? box.label : "", size, shared]);
}

export function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}
