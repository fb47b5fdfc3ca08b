/** From what a page hands over to all that is drawn: layout, ways along edges, looks, faces and spoken lines. */
import { useMemo, useRef } from "react";
import type { Arrange, Arrangement } from "../arrange";
import { type Critical, criticalOf, type Looks, looksOf } from "../looks";
import type { PlacedBox, PlacedNode } from "../model";
import { boxTitle, type GraphTexts, type NodeFace, nodeFace } from "../node-face";
import type { GraphContent } from "../props";
import { unwritten } from "../spoken";
import { streamOrder } from "../stream-order";
import { type StreamRow, streamRows } from "../stream-rows";
import { beyond, buildWalk, type Walk } from "../walk";
import { nameWidths } from "./measure";
import type { Folds } from "./use-folds";
import { useTexts } from "./use-texts";

export interface Shown {
  arrangement: Arrangement;
  walk: Walk;
  critical: Critical;
  looks: Looks;
  rows: readonly StreamRow[];
  faceFor: (node: PlacedNode) => NodeFace;
  /** What a reader hears beside what is written on the node. */
  unwrittenFor: (node: PlacedNode) => string;
  titleFor: (box: PlacedBox) => string;
}

/** What stands beside the name: padding, icon, the sign of a fold. */
const BESIDE_NAME = 26;
const ICON = 26;
const FOLD_WIDTH = 206;
/** Faces looked at to find out whether nodes have a share bar. */
const FACES_TRIED = 200;

const NO_PATH: readonly string[] = [];

/** `null` while the width is not known. */
export function useRequest(
  { graph, states, faceOf }: GraphContent,
  folds: Pick<Folds, "open" | "mustSee">,
  page: { width: number; height: number },
  boxed: boolean,
): Arrange | null {
  const icons = states !== undefined;
  const bars = useMemo(
    () => graph.tasks.slice(0, FACES_TRIED).some((task) => faceOf?.(task.task_id).share !== undefined),
    [graph, faceOf],
  );
  const widths = useMemo(() => {
    const names = nameWidths(
      graph.tasks.map((task) => task.task_id),
      14,
    );
    return names.map((width) => Math.ceil(width) + BESIDE_NAME + (icons ? ICON : 0));
  }, [graph, icons]);
  const { width, height } = page;
  const { open, mustSee } = folds;
  return useMemo(
    () =>
      width === 0
        ? null
        : { graph, open, mustSee, widths, foldWidth: FOLD_WIDTH, page: { width, height }, bars, boxed },
    [graph, open, mustSee, widths, width, height, bars, boxed],
  );
}

export function useShown(content: GraphContent, arrangement: Arrangement): Shown {
  const { graph, states, faceOf, criticalPath = NO_PATH, pools } = content;
  const texts = useTexts();
  const { layout } = arrangement;
  const walk = useMemo(() => buildWalk(layout), [layout]);
  const critical = useMemo(() => criticalOf(walk, criticalPath), [walk, criticalPath]);
  const looks = useMemo(() => looksOf(layout, walk, states), [layout, walk, states]);
  const order = useMemo(() => streamOrder(walk), [walk]);
  const rows = useMemo(() => streamRows(walk, critical.nodes, looks.dry, order), [walk, critical, looks.dry, order]);
  const poolOf = useMemo(() => {
    const found = new Map(graph.tasks.map((task) => [task.task_id, task.pool ?? ""]));
    return (task: string) => found.get(task) ?? "";
  }, [graph]);
  const faceFor = useFaces(looks, faceOf, texts);
  return useMemo(() => {
    const nameOf = (key: string) => {
      const node = walk.nodes.get(key);
      if (node) return faceFor(node).title;
      const box = walk.boxes.get(key);
      return box ? boxTitle(box, poolOf, pools, texts) : "";
    };
    return {
      arrangement,
      walk,
      critical,
      looks,
      rows,
      faceFor,
      unwrittenFor: (node) => {
        const around = { after: beyond(walk, node.key, "before"), before: beyond(walk, node.key, "behind") };
        return unwritten(faceFor(node), around, critical.nodes.has(node.key), nameOf, texts);
      },
      titleFor: (box) => boxTitle(box, poolOf, pools, texts),
    };
  }, [arrangement, walk, critical, looks, rows, faceFor, poolOf, pools, texts]);
}

/** The same face as long as it says the same, so that a change elsewhere does not draw a node anew. */
function useFaces(looks: Looks, faceOf: GraphContent["faceOf"], texts: GraphTexts): Shown["faceFor"] {
  const last = useRef(new Map<string, NodeFace>());
  return useMemo(() => {
    const fresh = new Map<string, NodeFace>();
    return (node) => {
      const known = fresh.get(node.key);
      if (known) return known;
      const face = nodeFace(node, looks.summaries.get(node.key), faceOf, texts);
      const before = last.current.get(node.key);
      const kept = before && JSON.stringify(before) === JSON.stringify(face) ? before : face;
      fresh.set(node.key, kept);
      last.current.set(node.key, kept);
      return kept;
    };
  }, [looks, faceOf, texts]);
}
