/** The sentence the page opens with, and what speaks for or against a plain retry. */
import { useTranslation } from "react-i18next";
import { roughly } from "../../../time/format";
import { useNowOf } from "../../../time/now";
import { Chip } from "../../../ui/chip";
import { useTitle } from "../../../ui/page";
import { Sentence, useSentence, useSentenceText } from "../../../ui/sentence";
import type { RunChanges, RunStory } from "../model/types";

/** The sentence of a run that runs counts on between two answers of the server. */
export function useLiveVerdict(story: RunStory): RunStory["verdict"] {
  const { i18n } = useTranslation();
  const { verdict, run } = story;
  const started = run.state === "running" && "for_s" in verdict.values ? Date.parse(run.started_at ?? "") : Number.NaN;
  const forS = useNowOf((now) => (Number.isNaN(started) ? -1 : Math.max(0, Math.floor((now - started) / 1000))));
  if (forS < 0) return verdict;
  const told = Number(verdict.values.for_s);
  const left = typeof verdict.values.left_s === "number" ? Math.max(0, verdict.values.left_s - (forS - told)) : null;
  return {
    ...verdict,
    values: {
      ...verdict.values,
      for_s: forS,
      ...(left === null ? {} : { left_s: roughly(i18n.language, left) }),
    },
  };
}

export function Verdict({ story }: { story: RunStory }) {
  return <Sentence sentence={useLiveVerdict(story)} />;
}

/** The same sentence in the browser's tab. */
export function Title({ story }: { story: RunStory }) {
  const text = useSentenceText();
  useTitle(`${text(useLiveVerdict(story))} · ${story.run.dag_id}`);
  return null;
}

/** Sentences joined as a person would say them: the next one goes on after a full stop. */
export function Advice({ story, changes }: { story: RunStory; changes: RunChanges | undefined }) {
  const { t } = useTranslation("run");
  const parts = useSentence();
  const counted = story.run.state === "failed" && changes?.since ? changedWords(changes) : null;
  const sentences = story.advice.map((one) => ({ key: one.code, parts: parts(one) }));
  if (sentences.length === 0 && !counted) return null;
  return (
    <>
      {sentences.map(({ key, parts: shown }) => (
        <span key={key}>
          {shown.map((part) => (part.isName ? <Chip key={part.at}>{part.text}</Chip> : part.text))}
          {". "}
        </span>
      ))}
      {counted ? <span>{t(`advice.${counted.key}`, { n: counted.n, name: counted.name })}</span> : null}
    </>
  );
}

/** The strongest difference from the last good run, in the order in which people look. */
function changedWords(
  changes: RunChanges,
): { key: "files" | "settings" | "params" | "packages"; n: number; name: string } | null {
  const setting = changes.settings[0];
  if (changes.files.length > 0) return { key: "files", n: changes.files.length, name: changes.files[0]?.path ?? "" };
  if (setting) return { key: "settings", n: changes.settings.length, name: setting.name };
  if (changes.params.length > 0)
    return { key: "params", n: changes.params.length, name: changes.params[0]?.name ?? "" };
  const packages = changes.environment_change?.packages.length ?? 0;
  return packages > 0 ? { key: "packages", n: packages, name: "" } : null;
}
