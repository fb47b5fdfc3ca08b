/** The frame of the canvas: a native scroll area, so that panning is the browser's own and never blocks the page. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Point } from "../model";
import { type Sight, sightAround } from "../sight";
import { type Framed, fitted, sightOf, type View, wholeZoom, zoomed } from "../viewport";

/** In CSS pixels of the screen: drawn around what is seen. */
const AROUND = 120;
const WHEEL_ZOOM = 0.0022;

export interface Canvas {
  view: View;
  /** What of the layout is drawn. */
  sight: Sight;
  zoomBy: (factor: number) => void;
  /** To full size about the place that was pointed at. */
  zoomTo: (pointed: { clientX: number; clientY: number }) => void;
  fit: () => void;
  /** Not all can be seen at full size. */
  pannable: boolean;
  /** Scrolls and zooms to a state made by the functions of `viewport.ts`. */
  show: (view: View) => void;
  /** The view with the scroll it really has. */
  current: () => View;
}

export function useView(frame: RefObject<HTMLElement | null>, framed: Framed, first: () => View): Canvas {
  const [view, setView] = useState(first);
  const [sight, setSight] = useState(() => around(view, view.scroll, framed.width));
  const latest = useRef({ view, framed });
  latest.current = { view, framed };

  const current = useCallback((): View => {
    const { current: element } = frame;
    const scroll = element ? { x: element.scrollLeft, y: element.scrollTop } : latest.current.view.scroll;
    return { ...latest.current.view, scroll };
  }, [frame]);

  const look = useCallback(() => {
    const { view: now, framed: size } = latest.current;
    const next = around(now, current().scroll, size.width);
    setSight((old) => (same(old, next) ? old : next));
  }, [current]);

  useLayoutEffect(() => {
    frame.current?.scrollTo(view.scroll.x, view.scroll.y);
    look();
  }, [view, frame, look]);

  const zoomAt = useCallback(
    (factor: number, still?: Point) => {
      const now = current();
      const { framed: size } = latest.current;
      setView(zoomed(now, size, now.zoom * factor, still ?? { x: size.width / 2, y: now.height / 2 }));
    },
    [current],
  );

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let waiting = 0;
    const scrolled = () => {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        look();
      });
    };
    const wheeled = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      zoomAt(Math.exp(-event.deltaY * WHEEL_ZOOM), { x: event.clientX - left, y: event.clientY - top });
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    element.addEventListener("wheel", wheeled, { passive: false });
    return () => {
      cancelAnimationFrame(waiting);
      element.removeEventListener("scroll", scrolled);
      element.removeEventListener("wheel", wheeled);
    };
  }, [frame, look, zoomAt]);

  return useMemo(() => {
    const zoomTo = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
      const { left = 0, top = 0 } = frame.current?.getBoundingClientRect() ?? {};
      zoomAt(1 / current().zoom, { x: clientX - left, y: clientY - top });
    };
    return {
      view,
      sight,
      zoomBy: (factor: number) => zoomAt(factor),
      zoomTo,
      fit: () => setView(fitted(latest.current.framed)),
      pannable: wholeZoom(framed) < 1,
      show: setView,
      current,
    };
  }, [view, sight, framed, frame, zoomAt, current]);
}

function around(view: View, scroll: Point, width: number): Sight {
  return sightAround(sightOf(view, scroll, width), AROUND / view.zoom);
}

function same(a: Sight, b: Sight): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
