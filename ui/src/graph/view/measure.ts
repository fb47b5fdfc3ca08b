/** How wide names are in the page's own font. */
import { textWidth } from "../text-width";

let context: CanvasRenderingContext2D | null | undefined;

export function nameWidths(names: readonly string[], size: number): Float64Array {
  context ??= document.createElement("canvas").getContext("2d");
  if (context) context.font = `600 ${size}px ${getComputedStyle(document.body).fontFamily}`;
  return Float64Array.from(names, (name) => context?.measureText(name).width ?? textWidth(name, size, true));
}
