/** One file with line numbers and light colouring; the line that defines the DAG is marked. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { bytes } from "../../../time/format";
import { Empty } from "../../../ui/panel-states";
import { highlighted } from "../model/highlight";
import type { SourceFile } from "../model/types";
import styles from "./code-file.module.css";

const LINES_MAX = 5_000;

export function CodeFile({ file, line }: { file: SourceFile; line: number }) {
  const { t, i18n } = useTranslation("dag");
  const lines = useMemo(() => (file.text === null ? [] : highlighted(file.text, file.path)), [file]);
  if (file.text === null) return <Empty>{t("code.binary", { size: bytes(i18n.language, file.size) })}</Empty>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard */}
      <section className={styles.code} tabIndex={0} aria-label={file.path}>
        <pre>
          {lines.slice(0, LINES_MAX).map((tokens, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a version never move
            <span key={at} className={styles.line} data-mark={at + 1 === line || undefined}>
              <span className={styles.number} aria-hidden="true">
                {at + 1}
              </span>
              <span>
                {tokens.map((token, place) =>
                  token.kind === "plain" ? (
                    token.text
                  ) : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a version never move
                    <span key={place} data-token={token.kind}>
                      {token.text}
                    </span>
                  ),
                )}
                {"\n"}
              </span>
            </span>
          ))}
        </pre>
      </section>
      {file.truncated || lines.length > LINES_MAX ? <p className={styles.cut}>{t("code.truncated")}</p> : null}
    </>
  );
}
