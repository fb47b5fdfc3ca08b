/** The words of the head: how the DAG does, what stopped it, what is next. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { clock, day as dayText } from "../../../time/format";
import { useNowOf } from "../../../time/now";
import { useZone, zoneLabel } from "../../../time/zone";
import { Chip } from "../../../ui/chip";
import { Ago, At } from "../../../ui/when";
import { whyNoStart } from "../model/no-start";
import { rhythmOf, whenOf } from "../model/rhythm";
import type { DagItem, DagView, Standing } from "../model/types";

const COUNTED_MAX = 1_000;
const MINUTE_MS = 60_000;

export function useVerdict(dag: DagItem, standing: Standing | undefined): string {
  const { t } = useTranslation("dag");
  const zone = useZone(dag.tz);
  const now = useNowOf((at) => Math.floor(at / MINUTE_MS) * MINUTE_MS);
  if (!standing) return "";
  const rhythm = rhythmOf(dag);
  const { code, streak, good_before: before, run } = standing;
  const more = (n: number) => (n >= COUNTED_MAX ? "yes" : "no");
  switch (code) {
    case "failed": {
      const when = run ? whenOf(rhythm, run.started_at ?? run.logical_date, now, zone) : "other";
      if (streak > 1) return t("headline.failing", { n: streak, rhythm, more: more(streak), before });
      return before > 0
        ? t("headline.failedAfter", { when, n: before, rhythm, more: more(before) })
        : t("headline.failed", { when });
    }
    case "good":
      return streak > 1 ? t("headline.good", { n: streak, rhythm, more: more(streak) }) : t("headline.goodOnce");
    case "never_ran":
      return t("headline.neverRan");
    default:
      return t("headline.unfinished");
  }
}

export function Verdict({ dag, standing }: { dag: DagItem; standing: Standing | undefined }) {
  const words = useVerdict(dag, standing);
  return (
    <>
      <Chip>{dag.dag_id}</Chip>
      {words ? ` ${words}` : ""}
    </>
  );
}

export function Second({ view, standing }: { view: DagView; standing: Standing | undefined }) {
  const { dag } = view;
  return (
    <>
      <Stopped dag={dag} standing={standing} />
      <Active dag={dag} standing={standing} />
      <Upcoming view={view} failed={standing?.code === "failed"} />
    </>
  );
}

function Stopped({ dag, standing }: { dag: DagItem; standing: Standing | undefined }) {
  const { t } = useTranslation("dag");
  if (standing?.code !== "failed" || !standing.run || !standing.task_id) return null;
  return (
    <>
      <Link to="/runs/$run" params={{ run: standing.run.run_id }} search={{ task: standing.task_id }}>
        {t("second.stopped", { task: standing.task_id })}{" "}
        {standing.failed_at ? <At at={standing.failed_at} zone={dag.tz} only="clock" /> : null}
      </Link>
      {". "}
    </>
  );
}

function Active({ dag, standing }: { dag: DagItem; standing: Standing | undefined }) {
  const { t } = useTranslation("dag");
  const active = standing?.active;
  if (!active) return null;
  return (
    <>
      <Link to="/runs/$run" params={{ run: active.run_id }}>
        {t(active.state === "running" ? "second.running" : "second.queued")}{" "}
        <At at={active.started_at ?? active.created_at} zone={dag.tz} only="clock" />
      </Link>
      {". "}
    </>
  );
}

function Upcoming({ view, failed }: { view: DagView; failed: boolean }) {
  const { dag } = view;
  const { t, i18n } = useTranslation("dag");
  const zone = useZone(dag.tz);
  if (!dag.present) return <>{t("second.gone")}</>;
  if (dag.paused)
    return (
      <>
        {dag.paused_note
          ? t("second.pausedNote", { by: dag.paused_by || "potok", note: dag.paused_note })
          : t("second.paused", { by: dag.paused_by || "potok" })}
      </>
    );
  if (!dag.next_run_at) return <>{t(whyNoStart(view))}</>;
  const at = new Date(dag.next_run_at);
  const when = t("second.at", {
    day: dayText(i18n.language, at, zone, new Date()),
    clock: clock(i18n.language, at, zone),
    zone: zoneLabel(zone, at, i18n.language),
  });
  return (
    <>
      {t("second.next", { when })}, <Ago at={dag.next_run_at} zone={dag.tz} />
      {failed ? t("second.sameCode") : ""}
    </>
  );
}
