/** Where a layout lies in a scrolled frame, and how that changes with zooming and folding. Pure. */
import type { Point, Size } from "./model";
import type { Sight } from "./sight";

/** `origin`: of the layout in the scrolled content, in CSS pixels. `extent`: size of that content. */
export interface View {
  zoom: number;
  origin: Point;
  extent: Size;
  /** Height of the frame. */
  height: number;
  scroll: Point;
}

/** What frames a layout: its size at zoom 1, the width of the frame, and how high it may be. */
export interface Framed {
  layout: Size;
  width: number;
  heightMax: number;
}

/** Room for focus rings and shadows. */
export const PAD = 8;

/** Below this, names at 14 px would be smaller than is comfortable: such graphs are panned. */
const READABLE = 0.8;
const ZOOM_MIN = 0.04;
export const ZOOM_MAX = 2;

/** Whole when that is readable; else from `towards` (of the layout) or from its beginning. */
export function opened(framed: Framed, towards?: Sight): View {
  const zoom = Math.max(READABLE, wholeZoom(framed));
  const view = placed(framed, zoom, heightAt(framed, zoom));
  if (!towards) return view;
  const at = (start: number, length: number, size: number) => (start + length / 2) * zoom - size / 2;
  return scrolled(view, framed, {
    x: view.origin.x + at(towards.x, towards.width, framed.width),
    y: view.origin.y + at(towards.y, towards.height, view.height),
  });
}

/** The whole layout in sight, however small. */
export function fitted(framed: Framed): View {
  const zoom = Math.max(ZOOM_MIN, wholeZoom(framed));
  return placed(framed, zoom, heightAt(framed, zoom));
}

/** `still`: the point of the frame that stays where it is. */
export function zoomed(view: View, framed: Framed, zoom: number, still: Point): View {
  const bounded = Math.min(ZOOM_MAX, Math.max(Math.min(ZOOM_MIN, wholeZoom(framed)), zoom));
  const spot = toLayout(view, still);
  const next = placed(framed, bounded, Math.max(view.height, heightAt(framed, bounded)));
  return scrolled(next, framed, {
    x: next.origin.x + spot.x * bounded - still.x,
    y: next.origin.y + spot.y * bounded - still.y,
  });
}

/** After folding: what was at `before` of the old layout is at `after` of the new one and stays where it was seen. */
export function kept(view: View, framed: Framed, before: Point, after: Point): View {
  const { zoom } = view;
  const seen = {
    x: view.origin.x + before.x * zoom - view.scroll.x,
    y: view.origin.y + before.y * zoom - view.scroll.y,
  };
  const next = placed(framed, zoom, heightAt(framed, zoom));
  const wanted = { x: next.origin.x + after.x * zoom - seen.x, y: next.origin.y + after.y * zoom - seen.y };
  const origin = { x: next.origin.x + Math.max(0, -wanted.x), y: next.origin.y + Math.max(0, -wanted.y) };
  const scroll = { x: Math.max(0, wanted.x), y: Math.max(0, wanted.y) };
  const height = Math.min(framed.heightMax, Math.max(next.height, origin.y + framed.layout.height * zoom + PAD));
  const extent = {
    width: Math.max(origin.x + framed.layout.width * zoom + PAD, scroll.x + framed.width),
    height: Math.max(origin.y + framed.layout.height * zoom + PAD, scroll.y + height),
  };
  return { zoom, origin, extent, height, scroll };
}

/** The part of the layout that is seen. */
export function sightOf(view: View, scroll: Point, width: number): Sight {
  const { zoom, origin } = view;
  return {
    x: (scroll.x - origin.x) / zoom,
    y: (scroll.y - origin.y) / zoom,
    width: width / zoom,
    height: view.height / zoom,
  };
}

export function toLayout({ zoom, origin, scroll }: View, point: Point): Point {
  return { x: (scroll.x + point.x - origin.x) / zoom, y: (scroll.y + point.y - origin.y) / zoom };
}

/** Scrolled as little as needed for a node to be seen whole. */
export function revealed(view: View, framed: Framed, node: Sight): View {
  const { zoom, origin, scroll } = view;
  const nearest = (start: number, length: number, at: number, size: number) => {
    const [from, to] = [start * zoom - PAD * 2, (start + length) * zoom + PAD * 2];
    return from < at ? from : to > at + size ? to - size : at;
  };
  return scrolled(view, framed, {
    x: nearest(node.x + origin.x / zoom, node.width, scroll.x, framed.width),
    y: nearest(node.y + origin.y / zoom, node.height, scroll.y, view.height),
  });
}

/** The zoom at which all is in sight, 1 at most. */
export function wholeZoom({ layout, width, heightMax }: Framed): number {
  const across = (width - PAD * 2) / Math.max(1, layout.width);
  const down = (heightMax - PAD * 2) / Math.max(1, layout.height);
  return Math.min(1, across, down);
}

function heightAt({ layout, heightMax }: Framed, zoom: number): number {
  return Math.min(heightMax, Math.ceil(layout.height * zoom) + PAD * 2);
}

function placed({ layout, width }: Framed, zoom: number, height: number): View {
  const size = { width: layout.width * zoom, height: layout.height * zoom };
  const origin = { x: Math.max(PAD, (width - size.width) / 2), y: Math.max(PAD, (height - size.height) / 2) };
  const extent = { width: Math.max(width, size.width + PAD * 2), height: Math.max(height, size.height + PAD * 2) };
  return { zoom, origin, extent, height, scroll: { x: 0, y: 0 } };
}

function scrolled(view: View, { width }: Framed, scroll: Point): View {
  const bounded = (at: number, most: number) => Math.max(0, Math.min(at, most));
  return {
    ...view,
    scroll: { x: bounded(scroll.x, view.extent.width - width), y: bounded(scroll.y, view.extent.height - view.height) },
  };
}
