/** What starts next: when, which DAG, in how long, and what may go otherwise than usual. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLiveRefresh } from "../../../live/use-live";
import { roughly } from "../../../time/format";
import { useNowOf } from "../../../time/now";
import { Card } from "../../../ui/card";
import { breakable } from "../../../ui/chip";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { useSentenceText } from "../../../ui/sentence";
import { At } from "../../../ui/when";
import { homeKeys, type UpcomingStarts, upcomingQuery } from "../api/queries";
import { startsUntil } from "../model/asked";
import styles from "./next-up.module.css";

export function NextUp() {
  const { t } = useTranslation("now");
  const until = useNowOf((now) => startsUntil(now).until);
  const starts = useQuery(upcomingQuery({ ...startsUntil(0), until }));
  useLiveRefresh(homeKeys.upcoming, (event) => event.type === "dags" || event.type === "run", 5_000);
  const note = starts.data && t(starts.data.total_is_more ? "next.noteMore" : "next.note", { n: starts.data.total });
  return (
    <Card title={t("next.title")} note={note} flush>
      {starts.isPending ? <Loading what={t("next.what")} height={280} /> : null}
      {starts.isError && !starts.data ? (
        <Failure error={starts.error} what={t("next.what")} onRetry={() => void starts.refetch()} />
      ) : null}
      {starts.data?.items.length === 0 ? <Empty>{t("next.none")}</Empty> : null}
      {starts.data && starts.data.items.length > 0 ? <Starts items={starts.data.items} /> : null}
    </Card>
  );
}

function Starts({ items }: { items: UpcomingStarts["items"] }) {
  const text = useSentenceText();
  return (
    <ol className={styles.list}>
      {items.map((start) => (
        <li key={`${start.dag_id} ${start.at}`} className={styles.row}>
          <span className={styles.at}>
            <At at={start.at} only="clock" />
          </span>
          <span className={styles.words}>
            <Link to="/dags/$dag" params={{ dag: start.dag_id }} className={styles.name}>
              {breakable(start.dag_id)}
            </Link>
            {start.caveats.map((caveat) => (
              <span key={caveat.code} className={styles.caveat}>
                {text(caveat)}
              </span>
            ))}
          </span>
          <In at={start.at} />
        </li>
      ))}
    </ol>
  );
}

function In({ at }: { at: string }) {
  const { t, i18n } = useTranslation("now");
  const start = Date.parse(at);
  const away = useNowOf((now) => minutes((start - now) / 1000));
  const words = away < 1 ? t("next.due") : t("next.in", { length: roughly(i18n.language, away) });
  return <span className={styles.in}>{words}</span>;
}

/** Whole minutes as soon as there are some: a list that ticks each second cannot be read. */
function minutes(seconds: number): number {
  return seconds < 90 ? seconds : Math.ceil(seconds / 60) * 60;
}
