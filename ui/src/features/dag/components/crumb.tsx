/** Where the DAG stands among others: its tags, its owner, its file. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { DagItem } from "../model/types";
import styles from "./crumb.module.css";

export function Crumb({ dag }: { dag: DagItem }) {
  const { t } = useTranslation("dag");
  return (
    <div className={styles.crumb}>
      <nav className={styles.path} aria-label={t("crumb.label")}>
        <Link to="/dags">{t("crumb.dags")}</Link>
        <span aria-hidden="true">/</span>
        <span>{dag.dag_id}</span>
      </nav>
      <div className={styles.about}>
        {dag.tags.map((tag) => (
          <Link key={tag} to="/dags" search={{ tag }} className={styles.tag}>
            {tag}
          </Link>
        ))}
        {dag.owner ? <span>{t("crumb.owner", { owner: dag.owner })}</span> : null}
        {dag.owner ? <span aria-hidden="true">·</span> : null}
        <Link to="/dags/$dag/$tab" params={{ dag: dag.dag_id, tab: "code" }} className={styles.file}>
          {t("crumb.file", { file: dag.file })}
        </Link>
      </div>
    </div>
  );
}
