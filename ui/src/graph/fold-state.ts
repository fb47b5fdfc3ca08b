/** Which folds are open: at first, after a click, and so that a given task can be seen. */

import { CROWD, type FoldTree, type Part, pathTo } from "./fold-tree";

/** `first`: as much as is still easy to read. `all`: every task by itself. Or the keys of the open folds. */
export type Open = "first" | "all" | readonly string[];

/** Keys of the open folds; those of `seen` tasks (ids) are open in any case. `crowd`: how many nodes may open at first. */
export function openFolds(tree: FoldTree, open: Open, seen: readonly string[] = [], crowd = CROWD): Set<string> {
  const folds = tree.parts.filter(isFold);
  let keys: Set<string>;
  if (open === "all") keys = new Set(folds.map((part) => part.key));
  else if (open === "first") keys = openAtFirst(tree, crowd);
  else {
    const asked = new Set(open);
    keys = new Set(folds.map((part) => part.key).filter((key) => asked.has(key)));
  }
  const shown = new Set(seen);
  tree.taskIds.forEach((id, task) => {
    if (!shown.has(id)) return;
    for (const part of pathTo(tree, task)) {
      const key = tree.parts[part]?.key;
      if (key) keys.add(key);
    }
  });
  return keys;
}

export function isFold(part: Part): boolean {
  return part.kind !== "task" && part.kind !== "junction" && part.kind !== "root";
}

/**
 * Opens the smallest folds first, equals together or not at all, while no more than a crowd is in sight. A parallel
 * part that had to be cut stays closed: its pieces mean nothing.
 */
function openAtFirst(tree: FoldTree, crowd: number): Set<string> {
  const open = new Set<string>();
  const closed = new Set<number>();
  let seen = 0;
  const kindOf = (index: number) => tree.parts[index]?.kind;
  const show = (container: number) => {
    for (const child of tree.parts[container]?.children ?? []) {
      const part = tree.parts[child];
      if (!part || part.kind === "junction") continue;
      seen += 1;
      if (isFold(part) && !(part.kind === "parallel" && part.children.some((piece) => kindOf(piece) === "parallel"))) {
        closed.add(child);
      }
    }
  };
  show(tree.root);
  const width = (index: number) =>
    (tree.parts[index]?.children ?? []).filter((child) => sizeOf(tree, child) > 0).length;
  while (closed.size > 0) {
    const least = Math.min(...[...closed].map(width));
    const next = [...closed].filter((index) => width(index) === least);
    if (seen + next.length * (least - 1) > crowd) break;
    for (const index of next) {
      closed.delete(index);
      seen -= 1;
      open.add(tree.parts[index]?.key ?? "");
      show(index);
    }
  }
  return open;
}

function sizeOf(tree: FoldTree, index: number): number {
  return tree.parts[index]?.size ?? 0;
}
