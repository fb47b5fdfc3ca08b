/** One node of the canvas: icon, name, second line, share bar, badge; a fold looks like a pile of cards. */
import { memo } from "react";
import { StateIcon } from "../../ui/state-icon";
import type { NodeForm } from "../density";
import type { PlacedNode } from "../model";
import type { NodeFace } from "../node-face";
import styles from "./node-card.module.css";
import { ProgressRing } from "./progress-ring";

interface NodeCardProps {
  node: PlacedNode;
  face: NodeFace;
  /** What a screen reader says beside what is written. */
  unwritten: string;
  form: NodeForm;
  critical: boolean;
  /** `inside`: a task in this fold is the selected one. */
  selected: "no" | "itself" | "inside";
  /** The one node that Tab stops at. */
  stop: boolean;
}

export const NodeCard = memo(function NodeCard(props: NodeCardProps) {
  const { node, face, unwritten, form, critical, selected, stop } = props;
  const fold = node.kind !== "task";
  const oneLine = form === "line" || form === "names";
  return (
    <button
      type="button"
      className={styles.node}
      style={{ left: node.x, top: node.y, width: node.width, height: node.height }}
      data-key={node.key}
      data-state={face.state}
      data-fold={fold || undefined}
      data-form={form}
      data-critical={critical || undefined}
      data-selected={selected === "no" ? undefined : selected}
      aria-expanded={fold ? false : undefined}
      aria-current={selected === "itself" || undefined}
      tabIndex={stop ? 0 : -1}
      title={face.detail ? `${face.title}\n${face.detail}` : face.title}
    >
      <NodeIcon face={face} size={oneLine ? 14 : 16} />
      <span className={styles.words}>
        <span className={styles.title}>{face.title}</span>
        {face.detail && form !== "names" ? <span className={styles.detail}>{face.detail}</span> : null}
        {face.share !== undefined && form === "bars" ? <Share share={face.share} /> : null}
      </span>
      {face.badge ? <span className={styles.badge}>{face.badge}</span> : null}
      <span className="visually-hidden">, {unwritten}</span>
      {fold ? <Unfold /> : null}
    </button>
  );
});

/** A ring while many are under way, else the state; the usual run has neither. */
export function NodeIcon({ face, size }: { face: NodeFace; size: number }) {
  if (face.progress) return <ProgressRing progress={face.progress} size={size} />;
  return face.state ? <StateIcon state={face.state} size={size} mute /> : null;
}

function Share({ share }: { share: number }) {
  return (
    <span className={styles.track}>
      <span className={styles.share} style={{ width: `${Math.min(1, Math.max(0.02, share)) * 100}%` }} />
    </span>
  );
}

function Unfold() {
  return (
    <svg className={styles.unfold} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path d="M6 2v8M2 6h8" />
    </svg>
  );
}
