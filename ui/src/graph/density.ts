/** How close together things stand: the roomiest way that fits the page is taken. */

/** `bars`: two lines and a share bar. `lines`: two lines. `line`: one. `names`: one without the second text. */
export type NodeForm = "bars" | "lines" | "line" | "names";

/** Sizes in CSS pixels. `widthMin`, `widthMax`: bounds of a node whatever its name. `wrap`: may break into rows. */
export interface Density {
  form: NodeForm;
  nodeHeight: number;
  widthMin: number;
  widthMax: number;
  /** What stands beside the name on one line. */
  widthBeside: number;
  gapNodes: number;
  gapColumns: number;
  wrap: boolean;
  /** How much it tells, to weigh against how far it has to be shrunk. */
  worth: number;
}

/** Ways that differ in width alone: `width` from 0, as narrow as names allow, to 1, as wide as looks well. */
export type Family = (width: number) => Density;

const between = (least: number, most: number, share: number) => Math.round(least + (most - least) * share);

function family(form: NodeForm, nodeHeight: number, gapNodes: number, worth: number, widthBeside = 0): Family {
  const twoLines = form === "bars" || form === "lines";
  return (width) => ({
    form,
    nodeHeight,
    widthMin: twoLines ? between(124, 240, width) : between(96, 200, width),
    widthMax: twoLines ? between(176, 280, width) : between(160, 260, width) + widthBeside,
    widthBeside,
    gapNodes,
    gapColumns: between(34, 76, width),
    wrap: false,
    worth,
  });
}

const BARS = family("bars", 62, 14, 1);
const LINES = family("lines", 46, 14, 0.97);
const LINES_CLOSE = family("lines", 46, 9, 0.96);
const LINE = family("line", 30, 8, 0.92, 68);
const NAMES = family("names", 28, 6, 0.75);

/** From roomy to close. */
export function unbroken(bars: boolean): Family[] {
  return bars ? [BARS, LINES, LINES_CLOSE, LINE, NAMES] : [LINES, LINES_CLOSE, LINE, NAMES];
}

/** For long pipelines: rows as of text, at the width given. */
export function broken(bars: boolean): Family[] {
  const wrapped =
    (one: Family, width: number): Family =>
    () => ({ ...one(width), wrap: true });
  return [wrapped(bars ? BARS : LINES, 0.4), wrapped(LINES_CLOSE, 0.2), wrapped(LINE, 0.3)];
}
