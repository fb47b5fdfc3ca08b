/** Logs: is there an error, and where. All of its state stands in the address, so that a line can be shared. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { LogViewer } from "../../ui/log/log-viewer";
import { Page } from "../../ui/page";
import { Failure } from "../../ui/panel-states";
import { runQuery } from "./api/queries";
import { LogChoice } from "./components/log-choice";
import { LogHeadline, useLogTitle } from "./components/log-headline";
import styles from "./logs-page.module.css";
import { type Place, placeOf } from "./model/place";

export default function LogsPage() {
  const { t } = useTranslation("logs");
  const { run = "" } = useParams({ strict: false });
  const place = placeOf(useSearch({ strict: false }));
  const whose = { run, task: place.task, attempt: place.attempt };
  const brief = useQuery(runQuery(run));
  const go = useGo(run);
  return (
    <Page title={useLogTitle(whose)}>
      <nav className={styles.crumb} aria-label={t("crumb")}>
        {brief.data ? (
          <Link to="/dags/$dag" params={{ dag: brief.data.dag_id }}>
            {brief.data.dag_id}
          </Link>
        ) : null}
        <span aria-hidden="true">/</span>
        <Link to="/runs/$run" params={{ run }} search={{ task: place.task }}>
          {run}
        </Link>
      </nav>
      <LogHeadline place={whose} />
      {brief.isError && asProblem(brief.error).isMissing ? (
        <Failure error={brief.error} what={t("what")} />
      ) : (
        <section className={styles.card} aria-label={t("title")}>
          <div className={styles.head}>
            <LogChoice
              run={run}
              place={place}
              onChoose={(task, attempt) => go({ ...place, task, attempt, line: undefined })}
            />
          </div>
          <div className={styles.body}>
            <LogViewer
              key={`${run} ${place.task ?? ""} ${place.attempt ?? ""}`}
              place={whose}
              level={place.level}
              onLevel={(level) => go({ ...place, level })}
              find={place.q}
              onFind={(q) => go({ ...place, q })}
              isPattern={place.isPattern}
              onPattern={(isPattern) => go({ ...place, isPattern })}
              line={place.line}
              onLine={(line) => go({ ...place, line })}
            />
          </div>
        </section>
      )}
    </Page>
  );
}

/** Writes the state into the address; it replaces, for a step from hit to hit is no page of its own. */
function useGo(run: string): (place: Place) => void {
  const navigate = useNavigate();
  return useCallback(
    ({ task, attempt, level, q, isPattern, line }) =>
      void navigate({
        to: "/runs/$run/logs",
        params: { run },
        search: (before) => ({
          ...before,
          task,
          try: attempt === undefined ? undefined : `${attempt}`,
          level: level || undefined,
          q: q || undefined,
          re: isPattern ? "1" : undefined,
          line: line === undefined ? undefined : `${line}`,
        }),
        replace: true,
        resetScroll: false,
      }),
    [navigate, run],
  );
}
