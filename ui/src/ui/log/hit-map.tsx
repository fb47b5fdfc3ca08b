/** Where hits and errors stand in the whole log: marks at the right edge, a click goes there. */
import { useTranslation } from "react-i18next";
import styles from "./hit-map.module.css";

export interface HitMapProps {
  /** Hits in equal parts of the log. */
  hits: readonly number[];
  errors: readonly number[];
  /** A part of the log was chosen: 0 is its begin, 1 its end. */
  onPart: (share: number) => void;
}

export function HitMap({ hits, errors, onPart }: HitMapProps) {
  const { t } = useTranslation("logs");
  if (!hits.some(Boolean) && !errors.some(Boolean)) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; keys have "next hit" and "next error"
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      className={styles.map}
      title={t("map")}
      onClick={(event) => {
        const { top, height } = event.currentTarget.getBoundingClientRect();
        onPart(Math.max(0, Math.min(1, (event.clientY - top) / height)));
      }}
    >
      <Marks counts={errors} kind="error" />
      <Marks counts={hits} kind="hit" />
    </div>
  );
}

function Marks({ counts, kind }: { counts: readonly number[]; kind: "hit" | "error" }) {
  return (
    <>
      {counts.map((count, part) =>
        count > 0 ? (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a part of the log is its place
            key={`${kind} ${part}`}
            className={styles.mark}
            data-kind={kind}
            style={{ top: `${(100 * part) / counts.length}%` }}
          />
        ) : null,
      )}
    </>
  );
}
