/** The graph as a canvas: waits for its width and its layout, then hands over to what draws them. */
import { useRef } from "react";
import type { TaskGraphProps } from "../props";
import { PAD } from "../viewport";
import { ArrangedCanvas } from "./arranged-canvas";
import styles from "./graph-canvas.module.css";
import { useArrangement } from "./use-arrangement";
import { useFolds } from "./use-folds";
import { useRequest } from "./use-scene";
import { useWidth } from "./use-size";

const HEIGHT_MAX = 520;

export default function GraphCanvas(props: TaskGraphProps) {
  const { heightMax = HEIGHT_MAX, boxes = "all" } = props;
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const folds = useFolds(props.open, props.mustSee, props.onOpen);
  const page = { width: Math.max(0, width - PAD * 2), height: heightMax - PAD * 2 };
  const arrangement = useArrangement(useRequest(props, folds, page, boxes === "all"));
  return (
    <div ref={place} className={styles.place} data-waiting={arrangement === null || undefined}>
      {arrangement ? (
        <ArrangedCanvas
          {...props}
          arrangement={arrangement}
          width={width}
          heightMax={heightMax}
          setOpen={folds.setOpen}
        />
      ) : null}
    </div>
  );
}
