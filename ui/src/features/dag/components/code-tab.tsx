/** The code of the DAG: its versions with their runs, one of them to read, two of them side by side as a difference. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { sourceQuery, versionsQuery } from "../api/queries";
import { useSearchChange, useSearchKey } from "../api/use-search";
import type { DagView } from "../model/types";
import { CodeDiff } from "./code-diff";
import { CodeFile } from "./code-file";
import styles from "./code-tab.module.css";
import { VersionList } from "./version-list";

export default function CodeTab({ view }: { view: DagView }) {
  const { t } = useTranslation("dag");
  const { dag } = view;
  const [asked] = useSearchKey("v");
  const [against] = useSearchKey("diff");
  const change = useSearchChange();
  const bundle = asked ?? dag.bundle;
  const versions = useQuery(versionsQuery(dag.dag_id));
  const items = versions.data?.items ?? [];
  return (
    <div className={styles.pair}>
      <Card flush title={against ? t("code.diff") : t("code.title")} note={<code>{bundle.slice(0, 7)}</code>}>
        {against ? (
          <CodeDiff dag={dag.dag_id} before={against} after={bundle} />
        ) : (
          <Files dag={dag.dag_id} bundle={bundle} />
        )}
      </Card>
      <Card flush title={t("code.versions")} note={t("code.usedNote")}>
        {versions.isPending ? <Loading what={t("what.versions")} height={200} /> : null}
        {versions.isError && !versions.data ? (
          <Failure error={versions.error} what={t("what.versions")} onRetry={() => void versions.refetch()} />
        ) : null}
        {versions.data ? (
          <VersionList
            dag={dag}
            versions={items}
            shown={bundle}
            against={against}
            onShow={(one) => change({ v: one === dag.bundle ? undefined : one, diff: undefined, file: undefined })}
            onDiff={(before, after) => change({ v: after, diff: before })}
          />
        ) : null}
      </Card>
    </div>
  );
}

function Files({ dag, bundle }: { dag: string; bundle: string }) {
  const { t } = useTranslation("dag");
  const source = useQuery(sourceQuery(dag, bundle));
  const [asked, ask] = useSearchKey("file");
  if (source.isPending) return <Loading what={t("what.code")} height={420} />;
  if (source.isError)
    return <Failure error={source.error} what={t("what.code")} onRetry={() => void source.refetch()} />;
  const { files } = source.data;
  const file = files.find((one) => one.path === (asked ?? source.data.file)) ?? files[0];
  if (!file) return <Empty>{t("code.noFiles")}</Empty>;
  const line = Number(source.data.location.split(":").at(-1));
  return (
    <>
      {files.length > 1 ? (
        <nav className={styles.files} aria-label={t("code.files")}>
          {files.map((one) => (
            <button
              key={one.path}
              type="button"
              className={styles.file}
              aria-pressed={one.path === file.path}
              onClick={() => ask(one.path === source.data.file ? undefined : one.path)}
            >
              {one.path}
            </button>
          ))}
        </nav>
      ) : null}
      <CodeFile file={file} line={file.path === source.data.file && Number.isFinite(line) ? line : 0} />
    </>
  );
}
