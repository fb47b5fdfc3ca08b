/** The sentence of a reason: the same in CLI, alerts and pages, in the chosen language. */
import { useTranslation } from "react-i18next";
import type { Sentence as ApiSentence } from "../api/schema";
import { Chip } from "./chip";
import { plain, type SentencePart, sentenceParts } from "./sentence-parts";

export function useSentence(): (sentence: ApiSentence) => SentencePart[] {
  const { t, i18n } = useTranslation("reasons");
  return (sentence) =>
    sentenceParts(sentence, i18n.language, (code, values) =>
      i18n.exists(`reasons:${code}`) ? String(t(code as never, values as never)) : null,
    );
}

export function useSentenceText(): (sentence: ApiSentence) => string {
  const parts = useSentence();
  return (sentence) => plain(parts(sentence));
}

export function Sentence({ sentence }: { sentence: ApiSentence }) {
  const parts = useSentence()(sentence);
  return <>{parts.map((part) => (part.isName ? <Chip key={part.at}>{part.text}</Chip> : part.text))}</>;
}
