/** Dots for good runs, crosses for failed ones, the median of the last fourteen and the band of most of them. */
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { day as dayText, duration } from "../../../time/format";
import { useZone } from "../../../time/zone";
import { Empty } from "../../../ui/panel-states";
import { At } from "../../../ui/when";
import { bandOf, type LengthPoint, lengthAxis, nearest } from "../model/lengths";
import type { DagItem } from "../model/types";
import styles from "./durations-chart.module.css";
import { useWidth } from "./use-canvas";

const LEFT = 64;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 26;
const CARD = 220;

interface ChartProps {
  dag: DagItem;
  points: readonly LengthPoint[];
  height: number;
}

export function DurationsChart({ dag, points, height }: ChartProps) {
  const { t } = useTranslation("dag");
  if (points.length === 0) return <Empty>{t("durations.none")}</Empty>;
  return <Chart dag={dag} points={points} height={height} />;
}

function Chart({ dag, points, height }: ChartProps) {
  const { t, i18n } = useTranslation("dag");
  const navigate = useNavigate();
  const zone = useZone(dag.tz);
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [place, setPlace] = useState<number | null>(null);
  const axis = useMemo(() => lengthAxis(Math.max(...points.map((point) => point.seconds))), [points]);
  const inner = Math.max(1, width - LEFT - RIGHT);
  const x = (at: number) => LEFT + (points.length === 1 ? inner / 2 : (at / (points.length - 1)) * inner);
  const y = (seconds: number) => TOP + (1 - seconds / axis.top) * (height - TOP - BOTTOM);
  const band = useMemo(() => bandOf(points), [points]);
  const line = (value: (one: (typeof band)[number]) => number) =>
    band.map((one) => `${x(one.place).toFixed(1)},${y(value(one)).toFixed(1)}`);
  const looked = place === null ? undefined : points[place];
  const open = () => {
    if (looked) void navigate({ to: "/runs/$run", params: { run: looked.run }, search: {} });
  };
  const onMove = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    setPlace(nearest(points, (event.clientX - box.left - LEFT) / inner));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") return open();
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setPlace(Math.max(0, Math.min(points.length - 1, (place ?? points.length) + by)));
  };
  const first = points[0];
  const last = points.at(-1);
  const dayOf = (point: LengthPoint) => dayText(i18n.language, new Date(point.at), zone, new Date());
  return (
    <div
      ref={frame}
      className={styles.frame}
      style={{ height }}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys walk the runs
      tabIndex={0}
      aria-label={t("durations.chart", { n: points.length })}
      onPointerMove={onMove}
      onPointerLeave={() => setPlace(null)}
      onBlur={() => setPlace(null)}
      onKeyDown={onKey}
      onClick={open}
    >
      {width > 0 ? (
        <svg width={width} height={height} aria-hidden="true" focusable="false">
          {axis.ticks.map((tick) => (
            <g key={tick}>
              <line x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} className={styles.grid} />
              <text x={LEFT - 8} y={y(tick) + 4} className={styles.tick} textAnchor="end">
                {tick === 0 ? "0" : duration(i18n.language, tick)}
              </text>
            </g>
          ))}
          {band.length > 1 ? (
            <>
              <polygon
                points={[...line((one) => one.high), ...line((one) => one.low).reverse()].join(" ")}
                className={styles.band}
              />
              <polyline points={line((one) => one.median).join(" ")} className={styles.median} />
            </>
          ) : null}
          {points.map((point, at) => (
            <Dot key={point.run} point={point} x={x(at)} y={y(point.seconds)} looked={at === place} />
          ))}
          {first ? (
            <text x={LEFT} y={height - 6} className={styles.tick}>
              {dayOf(first)}
            </text>
          ) : null}
          {last && points.length > 1 ? (
            <text x={width - RIGHT} y={height - 6} className={styles.tick} textAnchor="end">
              {dayOf(last)}
            </text>
          ) : null}
        </svg>
      ) : null}
      {looked && place !== null ? (
        <div
          className={styles.card}
          role="status"
          style={{
            left: Math.max(0, Math.min(width - CARD, x(place) - CARD / 2)),
            ...(y(looked.seconds) > height / 2
              ? { bottom: height - y(looked.seconds) + 12 }
              : { top: y(looked.seconds) + 12 }),
            width: CARD,
          }}
        >
          <b>
            <At at={new Date(looked.at).toISOString()} zone={dag.tz} />
          </b>
          <span>
            {t(`run.${looked.state}`)}, {duration(i18n.language, looked.seconds)}
          </span>
        </div>
      ) : null}
    </div>
  );
}

function Dot({ point, x, y, looked }: { point: LengthPoint; x: number; y: number; looked: boolean }) {
  const r = looked ? 5 : 3;
  if (point.state === "success") return <circle cx={x} cy={y} r={r} className={styles.dot} />;
  return (
    <path
      d={`M${x - r - 1} ${y - r - 1}l${2 * r + 2} ${2 * r + 2}m0 ${-2 * r - 2}l${-2 * r - 2} ${2 * r + 2}`}
      className={styles.cross}
      data-state={point.state}
    />
  );
}
