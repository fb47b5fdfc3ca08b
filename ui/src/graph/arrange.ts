/** The way in: from a DAG's tasks and bundles to placed nodes and lines. */

import { broken, type Density, type Family, type NodeForm, unbroken } from "./density";
import { readDependencies } from "./dependencies";
import { type Open, openFolds } from "./fold-state";
import { buildFoldTree, CROWD, type FoldTree } from "./fold-tree";
import { layoutScene } from "./layout";
import { liftEdges } from "./lifting";
import type { DagShape, Layout, Size } from "./model";
import { buildScene } from "./scene";

/** `mustSee`: tasks that must not be hidden in a fold. `widths`: what names need, in the order of the tasks. */
export interface Arrange {
  graph: DagShape;
  open: Open;
  mustSee?: readonly string[];
  widths: ArrayLike<number>;
  foldWidth: number;
  /** What there is to fill; a width of 0: as it comes. */
  page: Size;
  /** Nodes have a share bar. */
  bars: boolean;
  boxed: boolean;
}

/** `open`: the folds that are open now. `folded`: something is closed. `first`: it is folded as it opens. */
export interface Arrangement {
  layout: Layout;
  form: NodeForm;
  open: string[];
  folded: boolean;
  first: boolean;
}

/** More nodes than this are laid out once: that they fit is not to be hoped for. */
const TRIED_NODES_MAX = 150;

/** An unbroken stream is understood faster than one in rows, as long as its words can be read. */
const UNBROKEN_ZOOM = 0.84;

/** With less than this a graph does not open as it is, when folding more of it helps. */
const READABLE_ZOOM = 0.8;
const CROWDS = [CROWD, 36, 20];
/** A graph of fewer nodes than this says nothing any more. */
const FEWEST = 5;

/** Widths are tried so many times by halves. */
const HALVES = 4;

export function arrange(request: Arrange): Arrangement {
  const { graph, open } = request;
  const tree = treeOf(graph);
  const crowds = open === "first" && request.page.width > 0 ? CROWDS : CROWDS.slice(0, 1);
  const tried = new Set<string>();
  let found: (Tried & { keys: ReadonlySet<string> }) | undefined;
  for (const crowd of crowds) {
    if (found && found.zoom >= READABLE_ZOOM) break;
    const keys = openFolds(tree, open, request.mustSee, crowd);
    // What must be seen may keep the same folds open whatever the crowd: laid out once.
    const name = [...keys].sort().join("\n");
    if (tried.has(name)) continue;
    tried.add(name);
    const folded = { ...arrangeOpen(request, tree, keys), keys };
    if (!found || (folded.zoom > found.zoom && folded.layout.nodes.length >= FEWEST)) found = folded;
  }
  if (!found) throw new Error("there is no way to lay out a graph");
  const { layout, form, keys } = found;
  const folded = layout.nodes.some((node) => node.kind !== "task");
  return { layout, form, open: [...keys], folded, first: open === "first" };
}

function arrangeOpen(request: Arrange, tree: FoldTree, keys: ReadonlySet<string>): Tried {
  const { page, bars, widths, foldWidth, boxed } = request;
  const scene = buildScene(tree, keys);
  const lifted = liftEdges(scene);
  const lay = (density: Density): Tried => {
    const input = { tree, scene, lifted, density, widths, foldWidth, boxed, pageWidth: page.width };
    const layout = layoutScene(input);
    return { layout, form: density.form, zoom: fitting(layout, page), worth: density.worth };
  };
  return page.width === 0 || scene.owner.size > TRIED_NODES_MAX ? lay(plain(page.width > 0)) : best(lay, bars);
}

interface Tried {
  layout: Layout;
  form: NodeForm;
  zoom: number;
  worth: number;
}

function plain(wrap: boolean): Density {
  const [first] = wrap ? broken(false) : unbroken(false);
  if (!first) throw new Error("there is no way to lay out a graph");
  return first(0.4);
}

/** What tells the most at the size it is seen; a family that fits is drawn as wide as it can be. */
function best(lay: (density: Density) => Tried, bars: boolean): Tried {
  let found: Tried | undefined;
  const weigh = (families: readonly Family[]) => {
    for (const family of families) {
      const narrow = lay(family(0));
      if (found && narrow.zoom * narrow.worth <= found.zoom * found.worth) continue;
      found = narrow.zoom >= 1 ? widest(lay, family, narrow) : narrow;
      if (found.zoom >= 1) return;
    }
  };
  weigh(unbroken(bars));
  if (!found || found.zoom < UNBROKEN_ZOOM) weigh(broken(bars));
  return found ?? lay(plain(false));
}

function widest(lay: (density: Density) => Tried, family: Family, narrow: Tried): Tried {
  const wide = lay(family(1));
  if (wide.zoom >= 1) return wide;
  let found = narrow;
  let [fits, not] = [0, 1];
  for (let half = 0; half < HALVES; half += 1) {
    const middle = (fits + not) / 2;
    const tried = lay(family(middle));
    if (tried.zoom >= 1) [found, fits] = [tried, middle];
    else not = middle;
  }
  return found;
}

/** The zoom at which all is in sight, 1 at most. */
export function fitting(layout: Size, page: Size): number {
  const across = page.width > 0 ? page.width / Math.max(1, layout.width) : 1;
  const down = page.height > 0 ? page.height / Math.max(1, layout.height) : 1;
  return Math.min(1, across, down);
}

const trees = new WeakMap<DagShape, FoldTree>();

function treeOf(graph: DagShape): FoldTree {
  const known = trees.get(graph);
  if (known) return known;
  const tree = buildFoldTree(graph, readDependencies(graph));
  trees.set(graph, tree);
  return tree;
}
