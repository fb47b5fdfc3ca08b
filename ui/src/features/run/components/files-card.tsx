/** What the run made for people to open: a link for each set of files, or why there is none any more. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { bytes, number } from "../../../time/format";
import { Card } from "../../../ui/card";
import { breakable } from "../../../ui/chip";
import type { ResultFiles } from "../model/types";
import styles from "./files-card.module.css";

const SHOWN = 8;

export default function FilesCard({
  files,
  onTask,
}: {
  files: readonly ResultFiles[];
  onTask: (task: string) => void;
}) {
  const { t } = useTranslation("run");
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? files : files.slice(0, SHOWN);
  return (
    <Card flush title={t("files.title")} note={t("files.note")}>
      <ul className={styles.list}>
        {shown.map((one) => (
          <Row key={`${one.task_id} ${one.number}`} one={one} onTask={onTask} />
        ))}
      </ul>
      {files.length > shown.length ? (
        <button type="button" className={styles.more} onClick={() => setWhole(true)}>
          {t("files.more", { n: files.length - shown.length })}
        </button>
      ) : null}
    </Card>
  );
}

function Row({ one, onTask }: { one: ResultFiles; onTask: (task: string) => void }) {
  const { t, i18n } = useTranslation("run");
  const trouble = one.state === "ready" ? null : one.state;
  const size = bytes(i18n.language, one.size);
  return (
    <li className={styles.row}>
      {trouble === null ? (
        <a className={styles.link} href={one.open} target="_blank" rel="noopener noreferrer">
          {breakable(one.title)}
          <span className={styles.mark} aria-hidden="true">
            ↗
          </span>
          <span className={styles.spoken}>{t("files.newTab")}</span>
        </a>
      ) : (
        <b className={styles.link}>{breakable(one.title)}</b>
      )}
      <span className={styles.size}>
        {one.is_folder ? t("files.size", { n: one.count, shown: number(i18n.language, one.count), size }) : size}
      </span>
      <button type="button" className={styles.task} onClick={() => onTask(one.task_id)}>
        {breakable(one.task_id)}
      </button>
      {trouble ? <p className={styles.problem}>{t(`files.${trouble}`, { path: one.path })}</p> : null}
    </li>
  );
}
