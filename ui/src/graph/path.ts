/** The curve of a line through its points: level across columns, an S between them, round corners between rows. */

import type { PlacedEdge, Point } from "./model";

const CORNER = 10;

const drawn = new WeakMap<PlacedEdge, string>();

/** The path of a placed line; worked out once, however often it is drawn. */
export function pathOfEdge(edge: PlacedEdge): string {
  const known = drawn.get(edge);
  if (known !== undefined) return known;
  const path = pathOf(edge.points);
  drawn.set(edge, path);
  return path;
}

/** An SVG path. */
export function pathOf(points: readonly Point[]): string {
  const [first] = points;
  if (!first) return "";
  let path = `M${at(first)}`;
  points.forEach((point, index) => {
    const before = points[index - 1];
    if (!before) return;
    const next = points[index + 1];
    if (isStraight(before, point)) {
      path +=
        next && isStraight(point, next) && turns(before, point, next) ? corner(before, point, next) : `L${at(point)}`;
    } else {
      const middle = round((before.x + point.x) / 2);
      path += `C${middle} ${round(before.y)} ${middle} ${round(point.y)} ${at(point)}`;
    }
  });
  return path;
}

/** Where a mark on the line looks best: the middle of the last stretch that is long enough for one. */
export function markSpot(points: readonly Point[], room: number): Point {
  for (let index = points.length - 1; index > 0; index -= 1) {
    const [a, b] = [points[index - 1], points[index]];
    if (a && b && Math.abs(b.x - a.x) >= room) return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  }
  const [first = { x: 0, y: 0 }] = points;
  const last = points.at(-1) ?? first;
  return { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 };
}

function isStraight(a: Point, b: Point): boolean {
  return a.x === b.x || a.y === b.y;
}

function turns(a: Point, b: Point, c: Point): boolean {
  return (a.x === b.x) !== (b.x === c.x);
}

function corner(before: Point, point: Point, next: Point): string {
  const room = Math.min(CORNER, distance(before, point) / 2, distance(point, next) / 2);
  return `L${at(towards(point, before, room))}Q${at(point)} ${at(towards(point, next, room))}`;
}

function distance(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

function towards(from: Point, to: Point, length: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * length, y: from.y + Math.sign(to.y - from.y) * length };
}

function at(point: Point): string {
  return `${round(point.x)} ${round(point.y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
