/** Draws a laid out graph in its scrolled frame: only what is in sight, and what was clicked stays where it is. */
import { type KeyboardEvent, type MouseEvent, useId, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Arrangement } from "../arrange";
import type { Open } from "../fold-state";
import type { TaskGraphProps } from "../props";
import { inSight, READ_NODES_MAX, spansOf } from "../sight";
import { Blocks } from "./blocks";
import styles from "./graph-canvas.module.css";
import { GraphTools } from "./graph-tools";
import { ReadableGraph } from "./readable-graph";
import { ReaderList } from "./reader-list";
import { useDrag } from "./use-drag";
import { useFolding } from "./use-folding";
import { useShown } from "./use-scene";
import { useWalking } from "./use-walking";

export interface ArrangedCanvasProps extends TaskGraphProps {
  arrangement: Arrangement;
  width: number;
  heightMax: number;
  setOpen: (open: Open) => void;
}

export function ArrangedCanvas(props: ArrangedCanvasProps) {
  const { label, arrangement, selected = "", onSelect, width, heightMax, setOpen } = props;
  const { t } = useTranslation("graph");
  const keysId = useId();
  const frame = useRef<HTMLDivElement>(null);
  const { layout } = arrangement;
  const shown = useShown(props, arrangement);
  const { walk, critical, looks, rows, faceFor, unwrittenFor } = shown;
  const chosen = walk.nodeOf.get(selected) ?? "";
  const walking = useWalking(frame, walk, critical.nodes, chosen || rows[0]?.node.key || "");
  const towards = walk.nodes.get(chosen) ?? walk.nodes.get(walk.nodeOf.get(props.mustSee?.[0] ?? "") ?? "");
  const { canvas, open, close } = useFolding({ frame, arrangement, walk, width, heightMax, setOpen, towards, walking });
  const spans = useMemo(() => spansOf(layout), [layout]);
  const seen = useMemo(() => inSight(layout, canvas.sight, spans), [layout, canvas.sight, spans]);
  const { view } = canvas;
  const far = seen.nodes.length > READ_NODES_MAX;

  const onClick = (event: MouseEvent) => {
    const pressed = event.target instanceof Element ? event.target.closest("button") : null;
    const box = pressed?.dataset.close;
    if (box !== undefined) return close(box);
    const node = walk.nodes.get(pressed?.dataset.key ?? "");
    if (!node) return far ? canvas.zoomTo(event) : undefined;
    walking.setStop(node.key);
    if (node.kind === "task") onSelect?.(node.tasks[0] ?? "");
    else open(node.key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = event.target instanceof HTMLElement ? event.target.dataset.key : undefined;
    const parent = walk.nodes.get(key ?? "")?.parent;
    if (event.code !== "Backspace" || !parent) return walking.onKeyDown(event);
    event.preventDefault();
    close(parent);
  };

  const drag = useDrag(frame);
  const place = { transform: `translate(${view.origin.x}px, ${view.origin.y}px) scale(${view.zoom})` };
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would announce a form. */}
      <div
        ref={frame}
        data-frame=""
        className={styles.frame}
        style={{ height: view.height }}
        role="group"
        aria-label={label}
        aria-describedby={keysId}
        onClick={onClick}
        onKeyDown={onKeyDown}
        onPointerDown={drag}
      >
        <div className={styles.extent} style={{ width: view.extent.width, height: view.extent.height }}>
          <div className={styles.layer} style={{ ...place, width: layout.width, height: layout.height }}>
            {far ? (
              <Blocks size={layout} seen={seen} looks={looks} critical={critical} />
            ) : (
              <ReadableGraph shown={shown} seen={seen} stop={walking.stop} chosen={chosen} selected={selected} />
            )}
          </div>
        </div>
      </div>
      <span id={keysId} className={styles.keys}>
        {t("reader.keys")}
      </span>
      <ReaderList label={label} rows={rows} faceFor={faceFor} unwrittenFor={unwrittenFor} />
      {arrangement.folded || !arrangement.first || canvas.pannable ? (
        <GraphTools
          zoom={view.zoom}
          onZoom={canvas.zoomBy}
          onFit={canvas.fit}
          onUnfoldAll={arrangement.folded ? () => setOpen("all") : undefined}
          onFoldBack={arrangement.first ? undefined : () => setOpen("first")}
        />
      ) : null}
    </>
  );
}
