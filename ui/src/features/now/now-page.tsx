/** The home: what needs a person now, in the order in which one asks: which, what next, what of the rest of the night. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLiveRefresh } from "../../live/use-live";
import { usePreferences } from "../../preferences/preferences";
import { useNowOf } from "../../time/now";
import { Headline, Page } from "../../ui/page";
import { Failure, Loading } from "../../ui/panel-states";
import { homeKeys, type Now, nowQuery } from "./api/queries";
import { Counts } from "./components/counts";
import { NeedsList } from "./components/needs-list";
import { NextUp } from "./components/next-up";
import { Pulse } from "./components/pulse";
import { Tonight } from "./components/tonight";
import { homeSpan } from "./model/asked";
import styles from "./now-page.module.css";

export default function NowPage() {
  const { t } = useTranslation("now");
  const { zone } = usePreferences();
  const since = useNowOf((at) => homeSpan(at, zone).since);
  const now = useQuery(nowQuery({ since }));
  useLiveRefresh(homeKeys.now, () => true);
  const sentence = useSentenceOf(now.data);
  return (
    <Page title={sentence ?? t("title")}>
      <div>
        <Headline>{sentence ?? t("title")}</Headline>
        {now.data ? <Pulse pulse={now.data.pulse} /> : null}
      </div>
      {now.isPending ? <Loading what={t("needs.what")} height={420} /> : null}
      {now.isError && !now.data ? (
        <Failure error={now.error} what={t("needs.what")} onRetry={() => void now.refetch()} />
      ) : null}
      {now.data ? <Counts now={now.data} /> : null}
      <div className={styles.pair}>
        {now.data ? <NeedsList now={now.data} /> : <span />}
        <NextUp />
      </div>
      <Tonight />
    </Page>
  );
}

function useSentenceOf(now: Now | undefined): string | undefined {
  const { t } = useTranslation("now");
  if (!now) return undefined;
  const { counts, needs_total: n } = now;
  const runs = counts.done_runs + counts.failed_runs;
  if (now.dags === 0 && n === 0) return t("headline.empty");
  if (n > 0)
    return counts.done_runs > 0 ? `${t("headline.needs", { n })}. ${t("headline.rest")}` : t("headline.needs", { n });
  return counts.failed_runs > 0
    ? t("headline.calmBut", { runs, failed: counts.failed_runs })
    : t("headline.calm", { runs });
}
