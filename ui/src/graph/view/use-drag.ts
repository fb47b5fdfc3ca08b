/** Drags the canvas by its background with a mouse; touch scrolls it by itself. */
import { type PointerEvent, type RefObject, useCallback } from "react";

export function useDrag(frame: RefObject<HTMLElement | null>): (event: PointerEvent) => void {
  return useCallback(
    (event: PointerEvent) => {
      const element = frame.current;
      const onControl = event.target instanceof Element && event.target.closest("button") !== null;
      if (!element || onControl || event.pointerType !== "mouse" || event.button > 1) return;
      const start = { x: event.clientX + element.scrollLeft, y: event.clientY + element.scrollTop };
      const moved = (move: globalThis.PointerEvent) => element.scrollTo(start.x - move.clientX, start.y - move.clientY);
      const ended = () => {
        element.removeEventListener("pointermove", moved);
        delete element.dataset.dragged;
      };
      element.setPointerCapture(event.pointerId);
      element.dataset.dragged = "true";
      element.addEventListener("pointermove", moved);
      element.addEventListener("lostpointercapture", ended, { once: true });
      event.preventDefault();
    },
    [frame],
  );
}
