/** Opens and closes folds so that what was clicked stays where it is on the screen. */
import { type RefObject, useLayoutEffect, useMemo, useRef } from "react";
import type { Arrangement } from "../arrange";
import type { Open } from "../fold-state";
import type { PlacedBox, PlacedNode } from "../model";
import { kept, opened } from "../viewport";
import type { Walk } from "../walk";
import { type Canvas, useView } from "./use-view";

interface Folding {
  frame: RefObject<HTMLElement | null>;
  arrangement: Arrangement;
  walk: Walk;
  width: number;
  heightMax: number;
  setOpen: (open: Open) => void;
  /** What should be in sight at first. */
  towards: PlacedNode | undefined;
  walking: { focusOn: (key: string) => void };
}

type Thing = PlacedNode | PlacedBox;

export function useFolding(folding: Folding): {
  canvas: Canvas;
  open: (key: string) => void;
  close: (key: string) => void;
} {
  const { frame, arrangement, walk, width, heightMax, setOpen, towards, walking } = folding;
  const { layout } = arrangement;
  const framed = useMemo(() => ({ layout, width, heightMax }), [layout, width, heightMax]);
  const canvas = useView(frame, framed, () => opened(framed, towards));
  const clicked = useRef<Thing | null>(null);
  const drawn = useRef({ walk, framed });

  useLayoutEffect(() => {
    const last = drawn.current;
    if (last.framed === framed) return;
    drawn.current = { walk, framed };
    const still = clicked.current ?? [...last.walk.nodes.values()].find((node) => walk.nodes.has(node.key));
    const now = still && placeOf(walk, still);
    if (last.framed.width !== width || !still || !now) canvas.show(opened(framed, towards));
    else canvas.show(kept(canvas.current(), framed, still, now));
    if (clicked.current && now) walking.focusOn(walk.nodeOf.get(clicked.current.tasks[0] ?? "") ?? "");
    clicked.current = null;
  }, [framed, walk, width, canvas, towards, walking]);

  const open = (key: string) => {
    clicked.current = walk.nodes.get(key) ?? null;
    setOpen([...arrangement.open, key]);
  };
  const close = (key: string) => {
    const inside = [...walk.nodes.values()].find((node) => node.parent === key);
    clicked.current = walk.boxes.get(key) ?? inside ?? null;
    setOpen(arrangement.open.filter((each) => each !== key));
  };
  return { canvas, open, close };
}

/** Where a thing of the last layout is in this one: itself, the box it opened to, or the node that has its tasks. */
function placeOf(walk: Walk, thing: Thing): Thing | undefined {
  const same = walk.nodes.get(thing.key) ?? walk.boxes.get(thing.key);
  return same ?? walk.nodes.get(walk.nodeOf.get(thing.tasks[0] ?? "") ?? "");
}
