/** Zoom and folding; shown only when there is something to zoom or to fold. */
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import styles from "./graph-tools.module.css";

interface GraphToolsProps {
  zoom: number;
  onZoom: (factor: number) => void;
  onFit: () => void;
  /** Absent: there is nothing more to open, or nothing to fold back. */
  onUnfoldAll: (() => void) | undefined;
  onFoldBack: (() => void) | undefined;
}

const STEP = 1.25;

export const GraphTools = memo(function GraphTools({ zoom, onZoom, onFit, onUnfoldAll, onFoldBack }: GraphToolsProps) {
  const { t, i18n } = useTranslation("graph");
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" }).format(zoom);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would announce a form.
    <div className={styles.tools} role="group" aria-label={t("tools.all")}>
      {onUnfoldAll ? <Tool name={t("tools.unfoldAll")} act={onUnfoldAll} wide /> : null}
      {onFoldBack ? <Tool name={t("tools.foldBack")} act={onFoldBack} wide /> : null}
      <Tool name={t("tools.zoomOut")} act={() => onZoom(1 / STEP)}>
        <path d="M3 8h10" />
      </Tool>
      <span className={styles.zoom}>{percent}</span>
      <Tool name={t("tools.zoomIn")} act={() => onZoom(STEP)}>
        <path d="M8 3v10M3 8h10" />
      </Tool>
      <Tool name={t("tools.fit")} act={onFit}>
        <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />
      </Tool>
    </div>
  );
});

function Tool({
  name,
  act,
  wide = false,
  children,
}: {
  name: string;
  act: () => void;
  wide?: boolean;
  children?: ReactNode;
}) {
  return (
    <button
      type="button"
      className={styles.tool}
      onClick={act}
      aria-label={wide ? undefined : name}
      title={wide ? undefined : name}
    >
      {wide ? (
        name
      ) : (
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          {children}
        </svg>
      )}
    </button>
  );
}
