/** Instants and lengths in pages: `<Ago>`, `<At>`, `<Length>`. The exact time with its zone stands in the title. */
import { useTranslation } from "react-i18next";
import { type Relative, relative } from "../time/ago";
import { clock, dayAndClock, duration, exact } from "../time/format";
import { useNowOf } from "../time/now";
import { useZone } from "../time/zone";

interface InstantProps {
  /** RFC 3339, as the API gives it. */
  at: string;
  /** The DAG's zone, for the choice "DAG time". */
  zone?: string | undefined;
}

/** `58 min ago`, `in 22 h 54 min`; ticks. */
export function Ago({ at, zone: dagZone }: InstantProps) {
  const { t, i18n } = useTranslation();
  const zone = useZone(dagZone);
  const date = new Date(at);
  const away: Relative = JSON.parse(
    useNowOf((now) => JSON.stringify(relative(i18n.language, date, new Date(now), zone))),
  );
  return (
    <time dateTime={at} title={exact(i18n.language, date, zone)}>
      {away.kind === "now" && t("time.now")}
      {away.kind === "ago" && t("time.ago", { length: away.length })}
      {away.kind === "ahead" && t("time.ahead", { length: away.length })}
      {away.kind === "yesterday" && t("time.yesterday", { clock: away.clock })}
      {away.kind === "day" && away.day}
    </time>
  );
}

/** `Mon 23 Nov, 02:00`, or only the clock. */
export function At({ at, zone: dagZone, only }: InstantProps & { only?: "clock" | "seconds" }) {
  const { i18n } = useTranslation();
  const zone = useZone(dagZone);
  const date = new Date(at);
  const text = only
    ? clock(i18n.language, date, zone, only === "seconds")
    : dayAndClock(i18n.language, date, zone, new Date());
  return (
    <time dateTime={at} title={exact(i18n.language, date, zone)}>
      {text}
    </time>
  );
}

/** `8 min 28 s`; with `since` it grows while the page is live. */
export function Length({ seconds, since }: { seconds?: number | null | undefined; since?: string | null | undefined }) {
  const { i18n } = useTranslation();
  if (since) return <Growing since={since} />;
  if (seconds === null || seconds === undefined) return <>–</>;
  return <>{duration(i18n.language, seconds)}</>;
}

function Growing({ since }: { since: string }) {
  const { i18n } = useTranslation();
  const start = Date.parse(since);
  return <>{useNowOf((now) => duration(i18n.language, Math.max(0, Math.round((now - start) / 1000))))}</>;
}
