/** Arrow keys along the edges. One node is the stop of Tab, so that the canvas is left with one more Tab. */
import { type KeyboardEvent, type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type Direction, step, type Walk } from "../walk";

const DIRECTIONS: Partial<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

interface Walking {
  /** Key of the node that Tab stops at. */
  stop: string;
  setStop: (key: string) => void;
  focusOn: (key: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

export function useWalking(
  layer: RefObject<HTMLElement | null>,
  walk: Walk,
  critical: ReadonlySet<string>,
  start: string,
): Walking {
  const [wanted, setStop] = useState(start);
  const stop = walk.nodes.has(wanted) ? wanted : start;
  const walked = useRef(false);
  useLayoutEffect(() => {
    if (!walked.current) return;
    walked.current = false;
    const button = [...(layer.current?.querySelectorAll("button") ?? [])].find((each) => each.dataset.key === stop);
    button?.focus({ preventScroll: true });
    button?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [stop, layer]);

  const focusOn = useCallback((key: string) => {
    walked.current = true;
    setStop(key);
  }, []);

  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const from = event.target instanceof HTMLElement ? event.target.dataset.key : undefined;
      if (from === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const next = target(event.code, from, walk, critical);
      if (next === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (next === "" || next === from) return;
      focusOn(next);
    },
    [walk, critical, focusOn],
  );
  return useMemo(() => ({ stop, setStop, focusOn, onKeyDown }), [stop, focusOn, onKeyDown]);
}

/** The key of the node to go to, "" at an end, undefined when the key means something else. */
function target(code: string, from: string, walk: Walk, critical: ReadonlySet<string>): string | undefined {
  const direction = DIRECTIONS[code];
  if (direction) return step(walk, from, direction, critical);
  const keys = [...walk.nodes.keys()];
  if (code === "Home") return keys.at(0) ?? "";
  if (code === "End") return keys.at(-1) ?? "";
  return undefined;
}
