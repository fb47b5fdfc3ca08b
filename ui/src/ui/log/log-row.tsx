/** One line of a log: its number, its time, whose it is, and its text in our inks. */
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { number } from "../../time/format";
import { At } from "../when";
import { ansiSpans } from "./ansi";
import { isIn, marked, type Wanted } from "./find";
import type { Line } from "./log-queries";
import styles from "./log-row.module.css";
import { hasTraceback, type TextPart, textParts } from "./traceback";

export interface RowLook {
  /** Seconds since this instant stand before the text; null: the clock. */
  startMs: number | null;
  find: Wanted;
  showTask: boolean;
  onLine: ((line: number) => void) | undefined;
}

interface LogRowProps extends RowLook {
  row: number;
  line: Line | undefined;
  isChosen: boolean;
  isHit: boolean;
}

export const LogRow = memo(function LogRow({ row, line, isChosen, isHit, ...look }: LogRowProps) {
  const { t, i18n } = useTranslation("logs");
  if (!line) return <div className={styles.row} data-row={row} />;
  const isError = line.level === "error" || line.level === "critical";
  if (line.lost > 0)
    return (
      <div className={styles.row} data-row={row} data-known data-lost>
        <span className={styles.n} />
        <span className={styles.lost}>
          {t("lost", { n: line.lost, count: number(i18n.language, line.lost) })} <At at={line.at} only="seconds" />
        </span>
      </div>
    );
  return (
    <div
      className={styles.row}
      data-row={row}
      data-known
      data-line={line.n || undefined}
      data-error={isError || undefined}
      data-chosen={isChosen || undefined}
      data-hit={isHit || undefined}
    >
      <Gutter line={line} {...look} />
      <div className={styles.text} data-level={line.level}>
        {isError ? <span className="visually-hidden">{t("level.error")} </span> : null}
        <LevelWord level={line.level} />
        <Message text={line.msg} find={look.find} />
      </div>
    </div>
  );
});

function Gutter({ line, startMs, showTask, onLine }: RowLook & { line: Line }) {
  const { t } = useTranslation("logs");
  const choose = onLine;
  return (
    <>
      {choose && line.n > 0 ? (
        <button
          type="button"
          className={styles.n}
          tabIndex={-1}
          aria-label={t("linkTo", { n: line.n })}
          onClick={() => choose(line.n)}
          data-n={line.n}
        />
      ) : (
        <span className={styles.n} data-n={line.n || ""} />
      )}
      <span className={styles.at}>
        {startMs === null ? <At at={line.at} only="seconds" /> : ((Date.parse(line.at) - startMs) / 1000).toFixed(2)}
      </span>
      {showTask ? (
        <span className={styles.task} title={line.task_id}>
          {line.task_id}
        </span>
      ) : null}
    </>
  );
}

function LevelWord({ level }: { level: string }) {
  if (level === "info" || level === "error" || level === "") return null;
  return <b className={styles.level}>{level.toUpperCase()} </b>;
}

function Message({ text, find }: { text: string; find: Wanted }) {
  if (!hasTraceback(text)) return <Inked text={text.replace(/\n+$/, "")} find={find} />;
  return (
    <>
      {textParts(text).map((part) =>
        part.kind === "library" ? (
          <Folded key={part.row} part={part} find={find} />
        ) : (
          <span key={part.row} className={styles.part} data-kind={part.kind}>
            <Inked text={part.text} find={find} />
          </span>
        ),
      )}
    </>
  );
}

/** Frames of a library: one line until somebody wants them, or what is looked for is in there. */
function Folded({ part, find }: { part: TextPart; find: Wanted }) {
  const { t } = useTranslation("logs");
  const [open, setOpen] = useState(false);
  const holdsHit = isIn(part.text, find);
  const isOpen = open || holdsHit;
  return (
    <span className={styles.part} data-kind="library">
      <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {part.library ? t("framesOf", { n: part.frames, library: part.library }) : t("frames", { n: part.frames })}
      </button>
      {isOpen ? (
        <>
          {"\n"}
          <Inked text={part.text} find={find} />
        </>
      ) : null}
    </span>
  );
}

function Inked({ text, find }: { text: string; find: Wanted }) {
  return (
    <>
      {marked(ansiSpans(text), find).map(({ text: piece, ink, at, isHit }) => {
        const isPlain = !ink.color && !ink.ground && !ink.bold && !ink.dim && !ink.underline;
        const shown = isHit ? <mark className={styles.hit}>{piece}</mark> : piece;
        if (isPlain)
          return isHit ? (
            <mark key={at} className={styles.hit}>
              {piece}
            </mark>
          ) : (
            piece
          );
        return (
          <span
            key={at}
            className={styles.ink}
            data-ink={ink.color ?? undefined}
            data-ground={ink.ground ?? undefined}
            data-bold={ink.bold || undefined}
            data-dim={ink.dim || undefined}
            data-underline={ink.underline || undefined}
          >
            {shown}
          </span>
        );
      })}
    </>
  );
}
