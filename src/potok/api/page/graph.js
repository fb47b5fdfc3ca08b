// Lays a DAG out in layers and draws it. Pure layout first, drawing after it; knows nothing of runs but states.

import { icon, s, setIcon } from "./dom.js";

const HEIGHT = 46;
const GAP_Y = 14;
const GAP_X = 56;
const GAP_X_MAX = 130;
const MARGIN = 10;
const SWEEPS = 4;
// Groups larger than that are drawn through one joint instead of as every pair.
const PAIRS_MAX = 9;

/** Nodes with a layer each, and links between neighbours in layers; long links run over invisible joints. */
function layered(tasks, edges) {
  const nodes = new Map(tasks.map((task) => [task.task_id, { id: task.task_id, layer: 0, above: [], below: [] }]));
  const into = new Map(tasks.map((task) => [task.task_id, []]));
  for (const edge of edges) for (const down of edge.downstream) into.get(down).push(edge.upstream);
  for (const task of tasks) {
    const node = nodes.get(task.task_id);
    for (const up of into.get(task.task_id).flat()) node.layer = Math.max(node.layer, nodes.get(up).layer + 1);
  }
  const isShort = shortestOnly(tasks, into);
  const links = [];
  for (const { upstream, downstream } of edges) {
    const groupLayer = Math.max(...upstream.map((up) => nodes.get(up).layer));
    if (upstream.length > 1 && downstream.length > 1 && upstream.length * downstream.length > PAIRS_MAX) {
      links.push({ from: upstream, to: downstream, layer: groupLayer });
    } else {
      for (const from of upstream) for (const to of downstream) if (isShort(from, to)) links.push({ from: [from], to: [to] });
    }
  }
  return { nodes, links };
}

/** Whether a link says something new: one that a longer way says too is left out of the picture. */
function shortestOnly(tasks, into) {
  const above = new Map();
  for (const { task_id: name } of tasks) {
    const parents = into.get(name).flat();
    above.set(name, new Set([...parents, ...parents.flatMap((parent) => [...above.get(parent)])]));
  }
  return (from, to) => !into.get(to).flat().some((parent) => parent !== from && above.get(parent).has(from));
}

/** Splits links that skip layers: each layer between gets a joint that keeps room for the line. */
function withJoints({ nodes, links }) {
  const layers = [];
  const place = (node) => (layers[node.layer] ??= []).push(node);
  for (const node of nodes.values()) place(node);
  const paths = [];
  let number = 0;
  const connect = (from, to) => {
    from.below.push(to);
    to.above.push(from);
  };
  const chain = (from, to) => {
    const points = [from];
    for (let layer = from.layer + 1; layer < to.layer; layer += 1) {
      const joint = { id: `joint ${number += 1}`, joint: true, layer, above: [], below: [] };
      place(joint);
      connect(points.at(-1), joint);
      points.push(joint);
    }
    connect(points.at(-1), to);
    return [...points, to];
  };
  for (const link of links) {
    const ups = link.from.map((name) => nodes.get(name));
    const downs = link.to.map((name) => nodes.get(name));
    if (link.layer === undefined) paths.push({ points: chain(ups[0], downs[0]), from: link.from, to: link.to });
    else paths.push({ ups, downs, from: link.from, to: link.to, hub: true });
    if (link.layer !== undefined) for (const up of ups) for (const down of downs) connect(up, down);
  }
  return { layers, paths };
}

/** Orders each layer by the mean place of its neighbours, there and back. */
function order(layers) {
  const rank = (list) => list.forEach((node, index) => { node.rank = index; });
  layers.forEach(rank);
  const mean = (near, node) => (near.length ? near.reduce((sum, other) => sum + other.rank, 0) / near.length : node.rank);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const down = sweep % 2 === 0;
    for (const layer of down ? layers : layers.toReversed()) {
      const wish = new Map(layer.map((node) => [node, mean(down ? node.above : node.below, node)]));
      layer.sort((a, b) => wish.get(a) - wish.get(b));
      rank(layer);
    }
  }
}

/** Positions in pixels: `{ width, height, nodes: Map(id -> {x, y, w}), paths: [{d, from, to}] }`.
 *  Gaps grow up to a bound to fill `room` pixels. */
export function layout(tasks, edges, room) {
  const graph = layered(tasks, edges);
  const { layers, paths } = withJoints(graph);
  order(layers);
  const heightOf = (layer) => layer.reduce((sum, node) => sum + (node.joint ? GAP_Y : HEIGHT + GAP_Y), -GAP_Y);
  const tallest = Math.max(...layers.map(heightOf));
  const widths = layers.map((layer) => Math.max(...layer.map((node) => (node.joint ? 0 : widthOf(node.id)))));
  const free = room - 2 * MARGIN - widths.reduce((sum, width) => sum + width, 0);
  const gap = Math.max(GAP_X, Math.min(GAP_X_MAX, free / Math.max(1, layers.length - 1)));
  let x = MARGIN;
  for (const [index, layer] of layers.entries()) {
    const widest = widths[index];
    let y = MARGIN + (tallest - heightOf(layer)) / 2;
    for (const node of layer) {
      Object.assign(node, { x, w: widest, y: node.joint ? y : y + HEIGHT / 2 });
      y += node.joint ? GAP_Y : HEIGHT + GAP_Y;
    }
    x += widest + gap;
  }
  return {
    width: x - gap + MARGIN,
    height: tallest + 2 * MARGIN,
    nodes: graph.nodes,
    paths: paths.flatMap((path) => (path.hub ? hubPaths(path) : [{ d: curve(path.points), from: path.from, to: path.to }])),
  };
}

const widthOf = (name) => Math.min(270, Math.max(176, 54 + name.length * 8.4));
const bend = (x1, y1, x2, y2) => `C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`;

function curve(points) {
  let d = `M${points[0].x + points[0].w} ${points[0].y}`;
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1], points[index]];
    d += bend(from.x + from.w, from.y, to.x, to.y);
    if (to.joint) d += `L${to.x + to.w} ${to.y}`;
  }
  return d;
}

function hubPaths({ ups, downs, from, to }) {
  const x = (Math.max(...ups.map((node) => node.x + node.w)) + Math.min(...downs.map((node) => node.x))) / 2;
  const middle = (list) => list.reduce((sum, node) => sum + node.y, 0) / list.length;
  const y = (middle(ups) + middle(downs)) / 2;
  return [
    ...ups.map((node) => ({ d: `M${node.x + node.w} ${node.y}${bend(node.x + node.w, node.y, x, y)}`, from: [node.id], to })),
    ...downs.map((node) => ({ d: `M${x} ${y}${bend(x, y, node.x, node.y)}`, from, to: [node.id] })),
  ];
}

/** The drawn graph: `element`, `paint(id, state, words)`, `select(id)`. */
export function drawGraph(tasks, edges, room, onSelect) {
  const plan = layout(tasks, edges, room);
  const lines = plan.paths.map((path) => ({ ...path, element: s("path", { class: "edge", d: path.d }) }));
  const states = new Map();
  const drawn = new Map();
  for (const task of tasks) {
    const { x, y, w } = plan.nodes.get(task.task_id);
    const letters = Math.floor((w - 48) / 8.4);
    const sub = s("text", { class: "sub", x: 36, y: 35 });
    const mark = icon("scheduled");
    mark.setAttribute("x", 12);
    mark.setAttribute("y", HEIGHT / 2 - 8);
    mark.setAttribute("width", 16);
    mark.setAttribute("height", 16);
    const element = s(
      "g",
      {
        class: "node", tabindex: 0, role: "button", transform: `translate(${x} ${y - HEIGHT / 2})`,
        onclick: () => onSelect(task.task_id),
        onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); onSelect(task.task_id); } },
      },
      s("title", {}, task.task_id),
      s("rect", { width: w, height: HEIGHT, rx: 8 }),
      mark,
      s("text", { class: "title", x: 36, y: 19 }, shortened(task.task_id, letters)),
      sub,
    );
    drawn.set(task.task_id, { element, sub, mark });
  }
  const element = s(
    "svg",
    { class: "g", width: plan.width, height: plan.height, viewBox: `0 0 ${plan.width} ${plan.height}`, role: "group" },
    lines.map((line) => line.element),
    [...drawn.values()].map((node) => node.element),
  );
  const kind = ({ from, to }) => {
    const ups = from.map((id) => states.get(id));
    const downs = to.map((id) => states.get(id));
    if (downs.every((state) => state === "upstream_failed") && ups.some((state) => state.endsWith("failed"))) return "edge dry";
    return downs.includes("running") && ups.every((state) => state === "success") ? "edge fed" : "edge";
  };
  return {
    element,
    paint(id, state, words) {
      const node = drawn.get(id);
      if (!node) return;
      states.set(id, state);
      const selected = node.element.classList.contains("selected") ? " selected" : "";
      node.element.setAttribute("class", `node ${state}${selected}`);
      node.element.setAttribute("aria-label", `${id}: ${words}`);
      node.element.querySelector("rect").style.fill = state === "upstream_failed" ? "url(#hatch)" : "";
      setIcon(node.mark, state);
      node.sub.textContent = words;
    },
    connect() {
      for (const line of lines) line.element.setAttribute("class", kind(line));
    },
    select(id) {
      for (const [name, node] of drawn) node.element.classList.toggle("selected", name === id);
    },
  };
}

/** Middle ellipsis: the end of a name tells as much as its beginning. */
function shortened(name, room) {
  if (name.length <= room) return name;
  const tail = Math.floor((room - 1) / 2);
  return `${name.slice(0, room - 1 - tail)}…${name.slice(-tail)}`;
}
