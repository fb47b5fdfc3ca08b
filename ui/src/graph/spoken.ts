/** What a screen reader says of each node: "train_2, failed, try 2 of 2, after check_drift, before evaluate". */
import type { GraphTexts, NodeFace } from "./node-face";

/** Keys of nodes and boxes. */
export interface Neighbours {
  after: readonly string[];
  before: readonly string[];
}

/** More neighbours than this are counted, not named. */
const NAMES_MAX = 5;

export function spokenLine(
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
    face.title,
    face.state ? texts.state(face.state) : "",
    face.detail,
    face.badge,
    critical ? texts.critical : "",
    around.after.length > 0 ? texts.after(list(around.after)) : "",
    around.before.length > 0 ? texts.before(list(around.before)) : "",
  ]
    .filter(Boolean)
    .join(", ");
}
