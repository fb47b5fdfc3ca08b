/** Which rows of a very long list are in view, how far they are shifted, and how scrolling stays still while rows grow. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Heights } from "./heights";

/** Browsers draw no element of more than some 17 million pixels; beyond this a pixel of scrolling is worth more. */
const SPACE_MAX = 12_000_000;
const OVERSCAN = 24;
const STEPS_MAX = 8;

/** What the list holds on to while heights are learned: a row to show, the end, or what is in view. */
export type Hold = { kind: "row"; row: number } | { kind: "end" } | { kind: "view" };

interface View {
  first: number;
  last: number;
  /** Where the rows begin, in pixels of the scrolled space. */
  shift: number;
  space: number;
}

interface Viewport {
  box: RefObject<HTMLDivElement | null>;
  list: RefObject<HTMLDivElement | null>;
  view: View;
  hold: (hold: Hold) => void;
  /** Called by the box's onScroll. */
  scrolled: () => void;
}

export function useViewport(rows: number, usual: number, key: unknown, onLeaveEnd: () => void): Viewport {
  const box = useRef<HTMLDivElement | null>(null);
  const list = useRef<HTMLDivElement | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another log or another width has other heights
  const heights = useMemo(() => new Heights(usual), [usual, key]);
  const held = useRef<Hold>({ kind: "view" });
  const steps = useRef(0);
  /** Where we have scrolled to ourselves, until the event of it has come. */
  const ours = useRef(Number.NEGATIVE_INFINITY);
  const [view, setView] = useState<View>({ first: 0, last: 40, shift: 0, space: 0 });
  if (heights.rows !== rows) heights.resize(rows);

  const place = useCallback(() => {
    const element = box.current;
    if (!element) return;
    setView((before) => {
      const next = viewOf(heights, element);
      const same = (Object.keys(next) as (keyof View)[]).every((name) => next[name] === before[name]);
      return same ? before : next;
    });
  }, [heights]);

  const scrollTo = useCallback(
    (y: number) => {
      const element = box.current;
      if (!element) return;
      const target = Math.max(0, Math.min(y, heights.total - element.clientHeight)) / scaleOf(heights, element);
      if (Math.abs(element.scrollTop - target) < 1) return;
      element.scrollTop = target;
      ours.current = element.scrollTop;
    },
    [heights],
  );

  const keepHold = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const hold = held.current;
    if (hold.kind === "end") scrollTo(heights.total);
    if (hold.kind === "row") scrollTo(heights.top(hold.row) - element.clientHeight / 3);
  }, [heights, scrollTo]);

  // After every drawing: learn the heights of the rows that are there, and keep still what is held.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !list.current) return;
    const grown = measured(heights, list.current, heights.rowAt(yOf(heights, element)));
    if (grown.above !== 0 && held.current.kind === "view") {
      element.scrollTop += grown.above / scaleOf(heights, element);
      ours.current = element.scrollTop;
    }
    keepHold();
    if (grown.any && steps.current < STEPS_MAX) {
      steps.current += 1;
      place();
    } else steps.current = 0;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that are added change what is in view
  useLayoutEffect(place, [place, rows]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth !== width) heights.clear();
      width = element.clientWidth;
      place();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [heights, place]);

  const scrolled = () => {
    const element = box.current;
    if (!element) return;
    if (Math.abs(element.scrollTop - ours.current) > 1) {
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 4;
      if (held.current.kind === "end" && !atEnd) onLeaveEnd();
      if (held.current.kind !== "end" || !atEnd) held.current = { kind: "view" };
    }
    ours.current = Number.NEGATIVE_INFINITY;
    place();
  };

  const hold = useCallback(
    (next: Hold) => {
      held.current = next;
      steps.current = 0;
      keepHold();
      place();
    },
    [keepHold, place],
  );

  return { box, list, view, hold, scrolled };
}

function spaceOf(heights: Heights): number {
  return Math.min(heights.total, SPACE_MAX);
}

/** How many pixels of the list one pixel of scrolling is worth. */
function scaleOf(heights: Heights, element: HTMLElement): number {
  const room = spaceOf(heights) - element.clientHeight;
  return room > 0 ? (heights.total - element.clientHeight) / room : 1;
}

function yOf(heights: Heights, element: HTMLElement): number {
  return Math.max(0, element.scrollTop) * scaleOf(heights, element);
}

function viewOf(heights: Heights, element: HTMLElement): View {
  const y = yOf(heights, element);
  const first = Math.max(0, heights.rowAt(y) - OVERSCAN);
  const last = Math.min(heights.rows - 1, heights.rowAt(y + element.clientHeight) + OVERSCAN);
  return { first, last, shift: Math.round(heights.top(first) - y + element.scrollTop), space: spaceOf(heights) };
}

/** Learns what is drawn; `above`: by how much the rows above `anchor` have grown. */
function measured(heights: Heights, list: HTMLElement, anchor: number): { any: boolean; above: number } {
  let above = 0;
  let any = false;
  for (const child of list.children) {
    if (!(child instanceof HTMLElement) || child.dataset.row === undefined) continue;
    const row = Number(child.dataset.row);
    const grown = child.dataset.known === undefined ? 0 : heights.set(row, child.offsetHeight);
    any ||= grown !== 0;
    if (row < anchor) above += grown;
  }
  return { any, above };
}
