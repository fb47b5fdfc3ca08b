/** The run on a time axis: what ran, what waited for a slot or a retry, the critical path, the slack. */
import { useElementSize, useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { TaskInstance } from "../../../api/schema";
import { clock, duration, roughly } from "../../../time/format";
import { useNowOf } from "../../../time/now";
import { useZone } from "../../../time/zone";
import { Failure, Loading } from "../../../ui/panel-states";
import { spansQuery } from "../api/queries";
import { isActive } from "../model/facts";
import { ticks, timelineOf } from "../model/timeline";
import type { RunStory } from "../model/types";
import styles from "./gantt.module.css";
import { GanttLegend } from "./gantt-legend";
import { GanttRow } from "./gantt-row";

interface GanttProps {
  story: RunStory;
  tasks: readonly TaskInstance[];
  zone: string | undefined;
  task: string;
  onTask: (task: string) => void;
}

const ROW = 30;
const ROW_NARROW = 50;
/** Room for one clock time with seconds and a gap. */
const MARK_WIDTH = 92;

export function Gantt({ story, tasks, zone: dagZone, task, onTask }: GanttProps) {
  const { t, i18n } = useTranslation("run");
  const zone = useZone(dagZone);
  const spans = useQuery(spansQuery(story.run.run_id));
  const narrow = useMediaQuery("(max-width: 720px)", false, { getInitialValueInEffect: false });
  const until = useNowOf((now) => (isActive(story) ? now : 0));
  const timeline = useMemo(
    () =>
      timelineOf({
        tasks,
        spans: spans.data ?? [],
        critical: story.critical_path,
        slack: story.slack_s,
        started: story.run.started_at,
        ended: story.run.ended_at,
        runState: story.run.state,
        now: until,
      }),
    [tasks, spans.data, story, until],
  );
  const { ref: axis, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: timeline.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? ROW_NARROW : ROW),
    overscan: 12,
  });
  const chosen = timeline.rows.findIndex((row) => row.task === task);
  const ready = spans.data !== undefined;
  useEffect(() => {
    if (ready && chosen > 0) rows.scrollToIndex(chosen, { align: "center" });
  }, [ready, chosen, rows]);
  if (spans.isError) return <Failure error={spans.error} what={t("gantt.what")} onRetry={() => void spans.refetch()} />;
  if (!spans.data) return <Loading what={t("gantt.what")} height={ROW * Math.min(tasks.length, 12)} />;
  const marks = ticks(timeline, Math.max(2, Math.floor(width / MARK_WIDTH)));
  const at = (seconds: number): CSSProperties => ({ left: `${(seconds / timeline.lengthS) * 100}%` });
  return (
    <div className={styles.gantt}>
      <section className={styles.scroller} ref={scroller} aria-label={t("gantt.label")}>
        <div className={styles.rows} style={{ height: rows.getTotalSize() }}>
          <div className={styles.lines} aria-hidden="true">
            {marks.map((mark) => (
              <span key={mark.at} className={styles.line} style={at(mark.at)} />
            ))}
            {timeline.axis.breaks.map((one) => (
              <span
                key={one.at}
                className={styles.gap}
                style={{ ...at(one.at), width: `${(one.widthS / timeline.lengthS) * 100}%` }}
                title={t("gantt.break", { length: duration(i18n.language, one.lengthS) })}
              >
                <span className={styles.gapWords}>
                  {t("gantt.later", { length: roughly(i18n.language, one.lengthS) })}
                </span>
              </span>
            ))}
          </div>
          {rows.getVirtualItems().map((item) => {
            const row = timeline.rows[item.index];
            if (!row) return null;
            return (
              <GanttRow
                key={row.task}
                row={row}
                lengthS={timeline.lengthS}
                top={item.start}
                height={item.size}
                chosen={row.task === task}
                onTask={onTask}
              />
            );
          })}
        </div>
      </section>
      <div className={styles.axis} ref={axis} aria-hidden="true">
        {marks.map((mark) => (
          <span key={mark.at} className={styles.mark} data-edge={edge(mark.at / timeline.lengthS)} style={at(mark.at)}>
            {clockMark(i18n.language, mark.time, zone, mark.step)}
          </span>
        ))}
      </div>
      <GanttLegend timeline={timeline} />
    </div>
  );
}

/** Marks closer than a second tell the part of the second. */
function clockMark(language: string, at: number, zone: string, step: number): string {
  const text = clock(language, new Date(at), zone, step < 60);
  return step < 1
    ? `${text.slice(-2)}.${String(Math.round(at) % 1000)
        .padStart(3, "0")
        .slice(0, step < 0.01 ? 3 : 2)}`
    : text;
}

/** A mark at an end of the axis does not stick out of it. */
function edge(share: number): "start" | "end" | undefined {
  if (share < 0.04) return "start";
  return share > 0.96 ? "end" : undefined;
}
