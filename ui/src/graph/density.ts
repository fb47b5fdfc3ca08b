/** How close together things stand: the roomiest way that fits the page is taken. */

/** Sizes in CSS pixels. `widthMin`, `widthMax`: bounds of a node whatever its name. `wrap`: may break into rows. */
export interface Density {
  name: "roomy" | "compact";
  nodeHeight: number;
  widthMin: number;
  widthMax: number;
  gapNodes: number;
  gapColumns: number;
  wrap: boolean;
}

/** Two lines and a share bar need more height than two lines; one line is what a crowded page has room for. */
const HEIGHT_BAR = 62;
const HEIGHT_TWO_LINES = 46;
const HEIGHT_ONE_LINE = 30;

/** From roomy to close. Rows come last: an unbroken stream is understood faster. */
export function densities(bars: boolean): Density[] {
  const nodeHeight = bars ? HEIGHT_BAR : HEIGHT_TWO_LINES;
  const roomy: Density = {
    name: "roomy",
    nodeHeight,
    widthMin: 210,
    widthMax: 260,
    gapNodes: 14,
    gapColumns: 76,
    wrap: false,
  };
  const compact: Density = {
    name: "compact",
    nodeHeight: HEIGHT_ONE_LINE,
    widthMin: 120,
    widthMax: 220,
    gapNodes: 8,
    gapColumns: 48,
    wrap: false,
  };
  return [
    roomy,
    { ...roomy, widthMin: 176, gapColumns: 64 },
    { ...roomy, widthMin: 148, widthMax: 220, gapColumns: 48 },
    { ...roomy, widthMin: 128, widthMax: 168, gapColumns: 36 },
    { ...compact, widthMin: 160 },
    { ...compact, widthMax: 160, gapColumns: 32 },
    { ...roomy, widthMin: 160, gapColumns: 56, wrap: true },
    { ...compact, wrap: true },
  ];
}
