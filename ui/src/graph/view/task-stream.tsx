/** The graph as a vertical stream for narrow pages: a rail at the left, what is parallel indented. */
import { useTranslation } from "react-i18next";
import type { Arrangement } from "../arrange";
import type { Open } from "../fold-state";
import type { TaskStreamProps } from "../props";
import { StreamItem } from "./stream-item";
import styles from "./task-stream.module.css";
import { useArrangement } from "./use-arrangement";
import { useFolds } from "./use-folds";
import { useRequest, useShown } from "./use-scene";

/** The order is that of the canvas on a page of this size; nothing is drawn at it. */
const PAGE = { width: 1_360, height: 520 };

export default function TaskStream(props: TaskStreamProps) {
  const folds = useFolds(props.open, props.mustSee, props.onOpen);
  const arrangement = useArrangement(useRequest(props, folds, PAGE, false));
  if (!arrangement) return null;
  return <ArrangedStream {...props} arrangement={arrangement} setOpen={folds.setOpen} />;
}

interface ArrangedStreamProps extends TaskStreamProps {
  arrangement: Arrangement;
  setOpen: (open: Open) => void;
}

function ArrangedStream(props: ArrangedStreamProps) {
  const { label, arrangement, selected = "", onSelect, setOpen } = props;
  const { t } = useTranslation("graph");
  const { walk, critical, rows, faceFor, unwrittenFor } = useShown(props, arrangement);
  const chosen = walk.nodeOf.get(selected);
  return (
    <>
      <ol className={styles.stream} aria-label={t("reader.list", { label })}>
        {rows.map((row) => (
          <StreamItem
            key={row.node.key}
            row={row}
            face={faceFor(row.node)}
            unwritten={unwrittenFor(row.node)}
            critical={critical.nodes.has(row.node.key)}
            selected={row.node.key === chosen}
            onPress={() => {
              if (row.node.kind === "task") onSelect?.(row.node.tasks[0] ?? "");
              else setOpen([...arrangement.open, row.node.key]);
            }}
          />
        ))}
      </ol>
      {arrangement.first ? null : (
        <button type="button" className={styles.back} onClick={() => setOpen("first")}>
          {t("tools.foldBack")}
        </button>
      )}
    </>
  );
}
