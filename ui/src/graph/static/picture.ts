/** The graph as an SVG text, for the offline page of a run. Needs no browser and no React; colours come from tokens. */
import { arrange } from "../arrange";
import { type Critical, criticalOf, type EdgeLook, type Looks, looksOf } from "../looks";
import type { Layout, PlacedBox, PlacedEdge, PlacedNode } from "../model";
import { boxTitle, type GraphTexts, type NodeFace, nodeFace } from "../node-face";
import { markSpot, pathOf } from "../path";
import type { GraphContent } from "../props";
import { shortened, textWidth } from "../text-width";
import { buildWalk } from "../walk";
import { stateShape } from "./state-shapes";

const PAGE = { width: 1_040, height: 640 };
const PAD = 10;
const ICON = 24;
const NAME_SIZE = 13;
const DETAIL_SIZE = 12;

/** Rules for the classes of the picture, to stand in the page's own style sheet. */
export const pictureStyle = `
.g-edge{fill:none;stroke:var(--line-2);stroke-width:1.5}
.g-edge[data-critical]{stroke:var(--ink);stroke-width:4}
.g-edge[data-look=fed]{stroke:var(--running);stroke-dasharray:7 5}
.g-edge[data-look=broken]{stroke:var(--failed);stroke-width:2;stroke-dasharray:3 3}
.g-edge[data-look=dry]{stroke:var(--upstream_failed);stroke-dasharray:1.5 4;stroke-linecap:round}
.g-box{fill:var(--sunken);stroke:var(--line-2);stroke-dasharray:4 3}
.g-node{fill:var(--surface);stroke:var(--line-2)}
.g-node[data-critical]{stroke:var(--ink)}
.g-node[data-state=failed]{fill:var(--failed-tint);stroke:var(--failed);stroke-width:2}
.g-node[data-state=upstream_failed]{fill:var(--upstream_failed-tint);stroke:var(--upstream_failed);stroke-dasharray:4 3}
.g-node[data-state=running]{fill:var(--running-tint);stroke:var(--running)}
.g-node[data-state=scheduled],.g-node[data-state=skipped]{stroke-dasharray:4 3}
.g-mark circle{fill:var(--surface);stroke:var(--failed);stroke-width:1.5}
.g-mark path{fill:none;stroke:var(--failed);stroke-width:1.8;stroke-linecap:round}
.g-fill{stroke:none}.g-line{fill:none;stroke-width:1.5}.g-cut{fill:none;stroke:var(--surface);stroke-width:1.8}
.g-name{fill:var(--ink);font:600 13px var(--sans)}text.g-detail,text.g-box-name{fill:var(--ink-3);font:12px var(--sans)}
`;

/** `""` for a DAG without tasks. Folded as the page opens it. */
export function graphPicture(content: GraphContent & { mustSee?: readonly string[] }, texts: GraphTexts): string {
  const { graph, label, states, faceOf, criticalPath = [], pools, mustSee = [] } = content;
  if (graph.tasks.length === 0) return "";
  const widths = graph.tasks.map((task) => textWidth(task.task_id, NAME_SIZE, true) + ICON + 24);
  const request = { graph, open: "first", mustSee, widths, foldWidth: 200, page: PAGE, bars: false } as const;
  const { layout } = arrange({ ...request, boxed: states === undefined });
  const walk = buildWalk(layout);
  const looks = looksOf(layout, walk, states);
  const critical = criticalOf(walk, criticalPath);
  const poolOf = new Map(graph.tasks.map((task) => [task.task_id, task.pool ?? ""]));
  const titleOf = (box: PlacedBox) => boxTitle(box, (task) => poolOf.get(task) ?? "", pools, texts);
  const parts = [
    ...layout.boxes.map((box) => boxText(box, titleOf(box))),
    ...edgesText(layout, looks, critical),
    ...layout.nodes.map((node) =>
      nodeText(node, nodeFace(node, looks.summaries.get(node.key), faceOf, texts), critical.nodes.has(node.key)),
    ),
  ];
  const size = `${-PAD} ${-PAD} ${Math.ceil(layout.width) + PAD * 2} ${Math.ceil(layout.height) + PAD * 2}`;
  const width = `max-width:${Math.ceil(layout.width) + PAD * 2}px`;
  return `<svg viewBox="${size}" style="${width}" role="img" aria-label="${safe(label)}">${parts.join("")}</svg>`;
}

function boxText(box: PlacedBox, title: string): string {
  const frame = `x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}"`;
  const name = safe(shortened(title, box.width - 24, DETAIL_SIZE, true));
  return `<rect class="g-box" ${frame} rx="12"/><text class="g-box-name" x="${box.x + 12}" y="${box.y + 19}">${name}</text>`;
}

function edgesText(layout: Layout, looks: Looks, critical: Critical): string[] {
  const layers: readonly EdgeLook[] = ["plain", "dry", "fed", "broken"];
  const drawn = layout.edges
    .map((edge) => ({ edge, look: looks.edges.get(edge.key) ?? "plain", thick: critical.edges.has(edge.key) }))
    .sort((a, b) => Number(a.thick) - Number(b.thick) || layers.indexOf(a.look) - layers.indexOf(b.look));
  return [
    ...drawn.map(({ edge, look, thick }) => {
      const path = `<path class="g-edge" data-look="${look}"${thick ? " data-critical" : ""}`;
      return `${path} d="${pathOf(edge.points)}"/>`;
    }),
    ...drawn.flatMap(({ edge, look }) => (look === "broken" ? [markText(edge)] : [])),
  ];
}

function markText(edge: PlacedEdge): string {
  const { x, y } = markSpot(edge.points, 30);
  return `<g class="g-mark" transform="translate(${x} ${y})"><circle r="9"/><path d="M-3.4-3.4 3.4 3.4M3.4-3.4-3.4 3.4"/></g>`;
}

function nodeText(node: PlacedNode, face: NodeFace, critical: boolean): string {
  const { x, y, width, height } = node;
  const state = face.state ? ` data-state="${face.state}"` : "";
  const frame = `x="${x}" y="${y}" width="${width}" height="${height}" rx="8"`;
  const rect = `<rect class="g-node"${state}${critical ? " data-critical" : ""} ${frame}/>`;
  const left = x + 12 + (face.state ? ICON : 0);
  const room = x + width - 10 - left;
  const middle = y + height / 2;
  const text = (words: string, size: number, bold: boolean, shift: number, kind: string) =>
    `<text class="${kind}" x="${left}" y="${middle + shift}">${safe(shortened(words, room, size, bold))}</text>`;
  const twoLines = Boolean(face.detail) && height > 40;
  const name = text(face.title, NAME_SIZE, true, twoLines ? -4 : 4.5, "g-name");
  const detail = twoLines && face.detail ? text(face.detail, DETAIL_SIZE, false, 13, "g-detail") : "";
  const title = `<title>${safe([face.title, face.detail].filter(Boolean).join("\n"))}</title>`;
  return `<g>${title}${rect}${iconText(face, x + 12, middle - 8)}${name}${detail}</g>`;
}

function iconText({ state }: NodeFace, x: number, y: number): string {
  if (!state) return "";
  const { fill, line, cut } = stateShape(state);
  const path = (kind: string, d: string | undefined) => (d ? `<path class="g-${kind}" d="${d}"/>` : "");
  const colour = `style="fill:var(--${state});stroke:var(--${state})"`;
  return `<g transform="translate(${x} ${y})" ${colour}>${path("fill", fill)}${path("line", line)}${path("cut", cut)}</g>`;
}

/** A text that stays a text, in content and in an attribute. */
function safe(text: string): string {
  return text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}
