/** The way in: from a DAG's tasks and bundles to placed nodes and lines. */

import { type Density, densities } from "./density";
import { readDependencies } from "./dependencies";
import { type Open, openFolds } from "./fold-state";
import { buildFoldTree, type FoldTree } from "./fold-tree";
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

/** `open`: the folds that are open now; `folds`: whether there is anything to fold. */
export interface Arrangement {
  layout: Layout;
  density: Density["name"];
  open: string[];
  folds: boolean;
}

/** More nodes than this are laid out once: that they fit is not to be hoped for. */
const TRIED_NODES_MAX = 150;

/** A way that is so much better than a roomier one is worth its closeness. */
const BETTER = 1.04;

export function arrange(request: Arrange): Arrangement {
  const { graph, open, mustSee, page, bars, ...sizes } = request;
  const tree = treeOf(graph);
  const keys = openFolds(tree, open, mustSee);
  const scene = buildScene(tree, keys);
  const lifted = liftEdges(scene);
  const ways = page.width > 0 ? densities(bars) : densities(bars).slice(0, 1);
  let best: { layout: Layout; density: Density["name"]; zoom: number } | undefined;
  for (const density of scene.owner.size > TRIED_NODES_MAX ? ways.slice(-2, -1) : ways) {
    const layout = layoutScene({ ...sizes, tree, scene, lifted, density, pageWidth: page.width });
    const zoom = fitting(layout, page);
    if (!best || zoom >= 1 || zoom > best.zoom * BETTER) best = { layout, density: density.name, zoom };
    if (best.zoom >= 1) break;
  }
  const { layout, density } = best ?? { layout: NOTHING, density: "roomy" };
  return { layout, density, open: [...keys], folds: tree.parts.length > tree.root + 1 };
}

const NOTHING: Layout = { width: 0, height: 0, nodes: [], boxes: [], junctions: [], edges: [] };

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
