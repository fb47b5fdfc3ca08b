/** What changed since the last good run: code first, then what came in, then where it ran. Differences, not a diagnosis. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Card } from "../../../ui/card";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { Ago, At } from "../../../ui/when";
import { changesQuery } from "../api/queries";
import { shortHash } from "../model/facts";
import type { RunChanges, RunStory } from "../model/types";
import styles from "./changes-card.module.css";
import { CodeChange } from "./code-change";
import { Difference, Environment, Params, Results, Same, Settings, Times } from "./differences";

export function ChangesCard({ story, zone }: { story: RunStory; zone: string | undefined }) {
  const { t } = useTranslation("run");
  const changes = useQuery(changesQuery(story.run.run_id));
  const since = changes.data?.since;
  return (
    <Card
      flush
      title={t("changes.title")}
      note={
        since ? (
          <>
            {t("changes.since")}{" "}
            <Link to="/runs/$run" params={{ run: since.run_id }}>
              <At at={since.logical_date} zone={zone} />
            </Link>
          </>
        ) : null
      }
    >
      {changes.isError ? (
        <Failure error={changes.error} what={t("changes.what")} onRetry={() => void changes.refetch()} />
      ) : !changes.data ? (
        <Loading what={t("changes.what")} height={240} />
      ) : !since ? (
        <Empty>{t("changes.noGood")}</Empty>
      ) : (
        <Differences story={story} changes={changes.data} />
      )}
    </Card>
  );
}

function Differences({ story, changes }: { story: RunStory; changes: RunChanges }) {
  const { t } = useTranslation("run");
  return (
    <>
      <dl className={styles.list}>
        {changes.files.length > 0 ? (
          <Difference name={t("changes.code")}>
            <p className={styles.lead}>
              <b>{t("changes.files", { n: changes.files.length })}</b> {shortHash(changes.old_bundle)} →{" "}
              {shortHash(changes.new_bundle)}
              {changes.new_code_at ? (
                <>
                  {", "}
                  {t("changes.saved")} <Ago at={changes.new_code_at} />
                </>
              ) : null}
            </p>
            {changes.files.slice(0, 2).map((file) => (
              <CodeChange key={file.path} file={file} />
            ))}
            {changes.files.length > 2 ? (
              <p>
                {changes.files
                  .slice(2)
                  .map((file) => file.path)
                  .join(", ")}
              </p>
            ) : null}
          </Difference>
        ) : null}
        <Settings changes={changes} />
        <Results changes={changes} />
        <Params changes={changes} />
        <Environment changes={changes} />
        <Times changes={changes} />
        <Same changes={changes} />
      </dl>
      <p className={styles.foot}>
        {t("changes.caveat")}
        {changes.files.length > 0 ? (
          <Link
            to="/dags/$dag/$tab"
            params={{ dag: story.run.dag_id, tab: "code" }}
            search={{ v: changes.new_bundle, diff: changes.old_bundle }}
          >
            {t("changes.full")}
          </Link>
        ) : null}
        {changes.bounded ? <span>{t("changes.bounded")}</span> : null}
      </p>
    </>
  );
}
