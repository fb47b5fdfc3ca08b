/** The numbers of a DAG's results as small lines: where they run, what changed, where the pointer is. Pure. */
export interface Spot {
  /** Place among the runs. */
  place: number;
  value: number;
  x: number;
  y: number;
}

/** Spots of the runs that have the number, within the box; one that never changes runs through the middle. */
export function spotsOf(values: readonly (number | null)[], width: number, height: number, margin: number): Spot[] {
  const known = values.flatMap((value, place) => (value === null ? [] : [{ place, value }]));
  const low = Math.min(...known.map((one) => one.value));
  const high = Math.max(...known.map((one) => one.value));
  // Halved first: the distance of two large numbers of different sign is beyond a number.
  const spread = high / 2 - low / 2;
  const inner = Math.max(0, width - 2 * margin);
  return known.map(({ place, value }) => ({
    place,
    value,
    x: margin + (values.length === 1 ? inner : (place / (values.length - 1)) * inner),
    y: margin + (spread === 0 ? 0.5 : 1 - (value / 2 - low / 2) / spread) * Math.max(0, height - 2 * margin),
  }));
}

/** The spot whose place is nearest to `x`. */
export function spotAt(spots: readonly Spot[], x: number): number {
  let nearest = 0;
  spots.forEach((spot, at) => {
    if (Math.abs(spot.x - x) < Math.abs((spots[nearest]?.x ?? 0) - x)) nearest = at;
  });
  return nearest;
}

export interface Change {
  way: "up" | "down" | "same";
  by: number;
  /** Of the number before; null where that says nothing. */
  share: number | null;
}

/** Above this a share says less than the two numbers do. */
const SHARE_MAX = 100;

export function changeOf(value: number | null, before: number | null): Change | null {
  if (value === null || before === null) return null;
  const by = value - before;
  if (by === 0) return { way: "same", by: 0, share: 0 };
  const share = before === 0 ? null : Math.abs(by / before);
  return { way: by > 0 ? "up" : "down", by: Math.abs(by), share: share === null || share > SHARE_MAX ? null : share };
}

/** How many digits after the point say something. */
export function digitsOf(value: number): number {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1000) return 0;
  return size >= 10 ? 2 : 4;
}
