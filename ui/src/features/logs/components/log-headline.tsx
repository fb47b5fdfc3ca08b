/** Is there an error: the sentence over a log. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { bytes, clock, number } from "../../../time/format";
import { useZone } from "../../../time/zone";
import { Chip } from "../../../ui/chip";
import { type LogOverview, type LogPlace, overviewQuery } from "../../../ui/log/log-queries";
import { Headline } from "../../../ui/page";

const MESSAGE_MAX = 160;
const OPEN = "\ue000";

/** The sentence as text, with the task's name between marks. */
function useHeadline(place: LogPlace): { sentence: string; second: string } {
  const { t, i18n } = useTranslation("logs");
  const zone = useZone();
  const { data } = useQuery(overviewQuery(place));
  const task = place.task ? `${OPEN}${place.task}${OPEN}` : t("headline.run");
  if (!data) return { sentence: place.task ? `${t("title")}: ${task}` : t("title"), second: "" };
  const total = number(i18n.language, data.lines);
  return {
    sentence: capital(sentenceOf(data, task, total)),
    second: secondOf(data),
  };

  function sentenceOf(found: LogOverview, name: string, shown: string): string {
    const n = found.errors_total;
    const error = found.exception;
    if (found.missing) return t("headline.missing", { task: name });
    if (error?.kind && !found.growing) {
      const message = (error.message.split("\n")[0] ?? "").slice(0, MESSAGE_MAX);
      return t("headline.error", { task: name, kind: error.kind, message, has_message: message ? "yes" : "no" });
    }
    if (n > 0)
      return t("headline.errors", {
        task: name,
        n,
        count: number(i18n.language, n),
        lines: found.lines,
        total: shown,
      });
    if (found.growing) return t("headline.growing", { task: name, lines: found.lines, total: shown });
    if (found.lines === 0) return t("headline.empty", { task: name });
    return t("headline.none", { task: name, lines: found.lines, total: shown });
  }

  function secondOf(found: LogOverview): string {
    if (!found.first_at || !found.last_at) return "";
    const at = (text: string) => clock(i18n.language, new Date(text), zone, true);
    const size = bytes(i18n.language, found.bytes);
    const span = t("second.first", { bytes: size, from: at(found.first_at), to: at(found.last_at) });
    const lost = found.lost_total;
    return lost > 0 ? `${span}; ${t("second.lost", { n: lost, count: number(i18n.language, lost) })}` : span;
  }
}

function capital(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

export function useLogTitle(place: LogPlace): string {
  return useHeadline(place).sentence.replaceAll(OPEN, "");
}

export function LogHeadline({ place }: { place: LogPlace }) {
  const { sentence, second } = useHeadline(place);
  return (
    <Headline second={second || undefined}>
      {sentence.split(OPEN).map((part, at) => (at % 2 === 1 ? <Chip key={part}>{part}</Chip> : part))}
    </Headline>
  );
}
