/** What changed between two versions: files that differ, each with its hunks. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { sourceQuery } from "../api/queries";
import { diffLines, type Hunk, hunksOf } from "../model/line-diff";
import type { SourceFile } from "../model/types";
import styles from "./code-diff.module.css";

interface FileDiff {
  path: string;
  kind: "changed" | "added" | "removed" | "binary";
  hunks: readonly Hunk[];
}

export function CodeDiff({ dag, before, after }: { dag: string; before: string; after: string }) {
  const { t } = useTranslation("dag");
  const old = useQuery(sourceQuery(dag, before));
  const now = useQuery(sourceQuery(dag, after));
  const files = useMemo(
    () => (old.data && now.data ? changedFiles(old.data.files, now.data.files) : []),
    [old.data, now.data],
  );
  const failed = old.error ?? now.error;
  if (failed) return <Failure error={failed} what={t("what.code")} onRetry={() => void old.refetch()} />;
  if (!old.data || !now.data) return <Loading what={t("what.code")} height={320} />;
  return (
    <div className={styles.diff}>
      <p className={styles.pair}>
        <code>{before.slice(0, 7)}</code> → <code>{after.slice(0, 7)}</code>
      </p>
      {files.length === 0 ? <Empty>{t("code.same")}</Empty> : null}
      {files.map((file) => (
        <section key={file.path} aria-label={file.path} className={styles.file}>
          <h3 className={styles.path}>
            {file.path} <span>{t(`code.kind.${file.kind}`)}</span>
          </h3>
          {file.hunks.map((hunk) => (
            <HunkLines key={`${hunk.lines[0]?.before} ${hunk.lines[0]?.after}`} hunk={hunk} />
          ))}
        </section>
      ))}
    </div>
  );
}

function HunkLines({ hunk }: { hunk: Hunk }) {
  const { t } = useTranslation("dag");
  return (
    <>
      {hunk.skipped > 0 ? <p className={styles.skipped}>{t("code.skipped", { n: hunk.skipped })}</p> : null}
      <pre className={styles.hunk}>
        {hunk.lines.map((line) => (
          <span key={`${line.before} ${line.after}`} className={styles.line} data-kind={line.kind}>
            <span className={styles.number}>{line.before || ""}</span>
            <span className={styles.number}>{line.after || ""}</span>
            <span className={styles.sign}>{line.kind === "added" ? "+" : line.kind === "removed" ? "−" : " "}</span>
            <span>
              {line.text}
              {"\n"}
            </span>
          </span>
        ))}
      </pre>
    </>
  );
}

function changedFiles(old: readonly SourceFile[], now: readonly SourceFile[]): FileDiff[] {
  const before = new Map(old.map((file) => [file.path, file]));
  const after = new Map(now.map((file) => [file.path, file]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path): FileDiff[] => {
    const [a, b] = [before.get(path), after.get(path)];
    if (a && b && a.text === b.text && a.size === b.size) return [];
    if ((a && a.text === null) || (b && b.text === null)) return [{ path, kind: "binary", hunks: [] }];
    const hunks = hunksOf(diffLines(a?.text ?? "", b?.text ?? ""));
    return [{ path, kind: a && b ? "changed" : a ? "removed" : "added", hunks }];
  });
}
