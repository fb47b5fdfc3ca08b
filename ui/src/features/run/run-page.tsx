/** The page of a run: what failed, why, what changed, and the way on. All its state stands in the address. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { Headline, Page } from "../../ui/page";
import { Failure, Loading } from "../../ui/panel-states";
import { useLiveRun } from "./api/live";
import { storyQuery } from "./api/queries";
import { MissingRun } from "./components/missing-run";
import { RunView } from "./components/run-view";

export default function RunPage() {
  const { t } = useTranslation("run");
  const { run = "" } = useParams({ strict: false });
  const story = useQuery(storyQuery(run));
  useLiveRun(run, story.data?.run.counts.total ?? 0);
  if (story.data) return <RunView key={run} story={story.data} />;
  if (story.isError && asProblem(story.error).isMissing) return <MissingRun run={run} />;
  return (
    <Page title={t("title.run")}>
      {story.isError ? (
        <>
          <Headline>{t("title.run")}</Headline>
          <Failure error={story.error} what={t("title.what")} onRetry={() => void story.refetch()} />
        </>
      ) : (
        <>
          <h1 className="visually-hidden">{t("title.run")}</h1>
          <Loading what={t("title.what")} height={640} />
        </>
      )}
    </Page>
  );
}
