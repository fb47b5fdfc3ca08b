/** The icons of the states as paths in 16 × 16, for pictures that are drawn without a page. */
import type { TaskState } from "../../api/schema";

/** `fill` is solid, `line` an outline, `cut` is drawn upon the solid in the colour of the node. */
export interface StateShape {
  fill?: string;
  line?: string;
  cut?: string;
}

const CIRCLE = "M8 1.7a6.3 6.3 0 1 0 0 12.6a6.3 6.3 0 1 0 0-12.6z";

export function stateShape(state: TaskState): StateShape {
  switch (state) {
    case "success":
      return { fill: CIRCLE, cut: "M5 8.3l2.1 2.1 4-4.6" };
    case "failed":
      return { fill: "M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z", cut: "M5.6 5.6l4.8 4.8m0-4.8-4.8 4.8" };
    case "upstream_failed":
      return { line: "M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4zM8 11.3V5M5.5 7.4 8 4.8l2.5 2.6" };
    case "running":
      return { line: CIRCLE, fill: "M6.4 5v6l4.6-3z" };
    case "queued":
      return { line: `${CIRCLE}M5.2 5.8h5.6M5.2 8h5.6M5.2 10.2h3.4` };
    case "scheduled":
      return { line: `${CIRCLE}M8 4.7V8l2.1 1.6` };
    case "up_for_retry":
      return {
        fill: "M5 1h6a4 4 0 0 1 4 4v6a4 4 0 0 1-4 4H5a4 4 0 0 1-4-4V5a4 4 0 0 1 4-4z",
        cut: "M11.2 6.3A3.7 3.7 0 1 0 11.7 9m-.1-5.2v2.7H8.9",
      };
    case "waiting":
      return { fill: "M8 .8 15.2 8 8 15.2.8 8z", cut: "M6.5 5.7v4.6m3-4.6v4.6" };
    case "skipped":
      return { line: "M5 4h6a4 4 0 0 1 0 8H5a4 4 0 0 1 0-8zM5.3 6.4 7 8l-1.7 1.6m3.2-3.2L10.2 8 8.5 9.6" };
    case "cancelled":
      return { line: `${CIRCLE}M3.8 12.2l8.4-8.4` };
  }
}
