/** What is near enough to be read: boxes, ribbons and nodes. */
import { type InSight, READ_NODES_MAX } from "../sight";
import { GroupBox } from "./group-box";
import { NodeCard } from "./node-card";
import { StreamEdges } from "./stream-edges";
import type { Shown } from "./use-scene";

interface ReadableGraphProps {
  shown: Shown;
  seen: InSight;
  stop: string;
  /** Key of the node that shows the selected task. */
  chosen: string;
  selected: string;
}

/** With more running nodes than this only their icons move. */
const DRIFTING_MAX = 50;

export function ReadableGraph({ shown, seen, stop, chosen, selected }: ReadableGraphProps) {
  const { arrangement, walk, critical, looks, rows, faceFor, titleFor, unwrittenFor } = shown;
  const { layout, form } = arrangement;
  const few = rows.length <= READ_NODES_MAX;
  // The order of reading where all is drawn anyway; the stop of Tab is drawn even out of sight.
  const visible = new Set(seen.nodes.map((node) => node.key)).add(stop);
  const nodes = few
    ? rows.flatMap(({ node }) => (visible.has(node.key) ? [node] : []))
    : [...visible].flatMap((key) => walk.nodes.get(key) ?? []);
  return (
    <>
      {seen.boxes.map((box) => (
        <GroupBox key={box.key} box={box} title={titleFor(box)} />
      ))}
      <StreamEdges
        size={layout}
        edges={seen.edges}
        junctions={seen.junctions}
        looks={looks}
        critical={critical}
        moving={looks.running <= DRIFTING_MAX}
      />
      {nodes.map((node) => (
        <NodeCard
          key={node.key}
          node={node}
          face={faceFor(node)}
          unwritten={unwrittenFor(node)}
          form={form}
          critical={critical.nodes.has(node.key)}
          selected={node.key !== chosen ? "no" : node.kind === "task" && node.label === selected ? "itself" : "inside"}
          stop={node.key === stop}
        />
      ))}
    </>
  );
}
