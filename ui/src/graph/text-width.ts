/** How wide a text is about, without a browser: close enough for the width of a node, a little wide rather than narrow. */

/** Advance widths of DejaVu Sans in em, the widest font of our stack. */
const NARROW = 0.36;
const MIDDLE = 0.63;
const WIDE = 0.86;

/** CSS pixels. `bold` is 600 and more. */
export function textWidth(text: string, size: number, bold = false): number {
  let em = 0;
  for (const letter of text) em += widthOf(letter);
  return Math.ceil(em * size * (bold ? 1.06 : 1));
}

function widthOf(letter: string): number {
  if ("iljt.,:;'|!()[]fr ·-".includes(letter)) return NARROW;
  if ("mwMWЩШЖЮЫщшжюы@%".includes(letter)) return WIDE;
  return MIDDLE;
}

/** Cut in the middle, where names differ the least, so that it fits. */
export function shortened(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) return text;
  const letters = [...text];
  for (let kept = letters.length - 1; kept > 2; kept -= 1) {
    const head = Math.ceil(kept / 2);
    const cut = `${letters.slice(0, head).join("")}…${letters.slice(letters.length - kept + head).join("")}`;
    if (textWidth(cut, size, bold) <= width) return cut;
  }
  return "…";
}
