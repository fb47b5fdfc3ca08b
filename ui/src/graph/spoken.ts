/** What a screen reader says of each node: "train_2, try 2 of 2, failed, after check_drift, before evaluate". */
import type { GraphTexts, NodeFace } from "./node-face";

/** Keys of nodes and boxes. */
export interface Neighbours {
  after: readonly string[];
  before: readonly string[];
}

/** More neighbours than this are counted, not named. */
const NAMES_MAX = 5;

/** What is not written on the node: its state, and what stands before and behind it. */
export function unwritten(
  face: NodeFace,
  around: Neighbours,
  critical: boolean,
  nameOf: (key: string) => string,
  texts: GraphTexts,
): string {
  const list = (keys: readonly string[]) => {
    const names = keys.slice(0, NAMES_MAX).map(nameOf);
    return (keys.length > NAMES_MAX ? [...names, texts.more(keys.length - NAMES_MAX)] : names).join(", ");
  };
  return [
    face.state ? texts.state(face.state) : "",
    critical ? texts.critical : "",
    around.after.length > 0 ? texts.after(list(around.after)) : "",
    around.before.length > 0 ? texts.before(list(around.before)) : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** The whole line, for a list beside the picture. */
export function spokenLine(face: NodeFace, rest: string): string {
  return [face.title, face.detail, face.badge, rest].filter(Boolean).join(", ");
}
