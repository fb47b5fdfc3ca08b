/** What a screen reader says of each node: "train_2, failed, try 2 of 2, after check_drift, before evaluate". */
import type { GraphTexts, NodeFace } from "./node-face";
import type { StreamRow } from "./stream-rows";

/** More neighbours than this are counted, not named. */
const NAMES_MAX = 5;

export function spokenLine(
  face: NodeFace,
  row: Pick<StreamRow, "after" | "before">,
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
    row.after.length > 0 ? texts.after(list(row.after)) : "",
    row.before.length > 0 ? texts.before(list(row.before)) : "",
  ]
    .filter(Boolean)
    .join(", ");
}
