/** The night at a glance: how busy the slots were, then a lane for each DAG, past and planned. */
import { Button, SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveRefresh } from "../../../live/use-live";
import { clock, number } from "../../../time/format";
import { useNowOf } from "../../../time/now";
import { useZone, zoneLabel } from "../../../time/zone";
import { Card } from "../../../ui/card";
import { Empty, Failure, Loading } from "../../../ui/panel-states";
import { homeKeys, type Timeline, timelineQuery } from "../api/queries";
import { timelineSpan } from "../model/asked";
import { isNight, marksOf, placeOf, type Scale, SPANS, scaleOf, spanOf } from "../model/scale";
import { BusySlots } from "./busy-slots";
import { LaneRow } from "./lane-row";
import { Legend } from "./legend";
import styles from "./tonight.module.css";

const FIRST_SHOWN = 14;
const FIRST_SHOWN_ON_PHONE = 5;
const LANE_PX = 26;
/** A pixel of the widest chart is more than this. */
const STEP_MS = 10_000;

export function Tonight() {
  const { t, i18n } = useTranslation("now");
  const search = useSearch({ strict: false }) as { span?: string };
  const navigate = useNavigate();
  const zone = useZone();
  const now = useNowOf((at) => Math.floor(at / STEP_MS) * STEP_MS);
  const span = spanOf(search.span);
  const since = scaleOf(span, now).since;
  // The same object for as long as the span stands: the lanes are drawn anew only with what they show.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scale moves when `since` does
  const scale = useMemo(() => scaleOf(span, now), [span, since]);
  const timeline = useQuery(timelineQuery(timelineSpan(span, now)));
  useLiveRefresh(homeKeys.timeline, (event) => event.type === "run" || event.type === "dags", 3_000);
  // It stands below what needs a person, and is drawn after it.
  const drawn = useDeferredValue(timeline.data);
  const at = (ms: number) => clock(i18n.language, new Date(ms), zone);
  const note = t("tonight.span", {
    since: at(scale.since),
    until: at(scale.until),
    zone: zoneLabel(zone, new Date(now), i18n.language),
  });
  return (
    <Card
      title={t(isNight(now, zone) ? "tonight.night" : "tonight.day")}
      note={note}
      tools={
        <>
          <Legend />
          <SegmentedControl
            size="xs"
            aria-label={t("tonight.spanLabel")}
            value={span}
            data={SPANS.map((one) => ({ value: one, label: t(one === "day" ? "tonight.all" : `tonight.${one}`) }))}
            onChange={(chosen) =>
              void navigate({
                to: ".",
                search: (before) => ({ ...before, span: chosen === "12h" ? undefined : chosen }),
                replace: true,
              })
            }
          />
        </>
      }
      flush
    >
      {timeline.isPending || (timeline.data && !drawn) ? (
        <Loading what={t("tonight.what")} height={LANE_PX * 10} />
      ) : null}
      {timeline.isError && !timeline.data ? (
        <Failure error={timeline.error} what={t("tonight.what")} onRetry={() => void timeline.refetch()} />
      ) : null}
      {timeline.data?.lanes.length === 0 ? <Empty>{t("tonight.none")}</Empty> : null}
      {drawn && drawn.lanes.length > 0 ? <Lanes timeline={drawn} scale={scale} now={now} /> : null}
    </Card>
  );
}

function Lanes({ timeline, scale, now }: { timeline: Timeline; scale: Scale; now: number }) {
  const { t, i18n } = useTranslation("now");
  const [all, setAll] = useState(false);
  const zone = useZone();
  const first = useMediaQuery("(max-width: 720px)") ? FIRST_SHOWN_ON_PHONE : FIRST_SHOWN;
  const lanes = all ? timeline.lanes : timeline.lanes.slice(0, first);
  const here = placeOf(scale, now);
  return (
    <div className={styles.chart}>
      <div className={styles.plot}>
        <BusySlots timeline={timeline} scale={scale} now={now} />
        <ul className={styles.lanes}>
          {lanes.map((lane) => (
            <LaneRow key={lane.dag_id} lane={lane} scale={scale} now={now} />
          ))}
        </ul>
        <div className={styles.grid} aria-hidden="true">
          {marksOf(scale).map((mark) => (
            <span key={mark} className={styles.mark} style={{ left: percent(placeOf(scale, mark)) }}>
              <span className={styles.hour}>{clock(i18n.language, new Date(mark), zone)}</span>
            </span>
          ))}
          {here >= 0 && here <= 1 ? <span className={styles.now} style={{ left: percent(here) }} /> : null}
        </div>
      </div>
      {timeline.lanes.length > first ? (
        <Button variant="default" className={styles.more} onClick={() => setAll(!all)}>
          {all ? t("tonight.showLess") : t("tonight.showAll", { n: number(i18n.language, timeline.lanes.length) })}
        </Button>
      ) : null}
      {timeline.lanes_total > timeline.lanes.length && all ? (
        <p className={styles.left}>
          {t("tonight.left", {
            shown: number(i18n.language, timeline.lanes.length),
            n: number(i18n.language, timeline.lanes_total),
          })}
        </p>
      ) : null}
    </div>
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`;
}
