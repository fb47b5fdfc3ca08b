/** A reason of the API in the chosen language, cut into plain text and names. Pure but for the catalogue it is given. */
import type { Sentence } from "../api/schema";
import { duration, number } from "../time/format";

export interface SentencePart {
  text: string;
  /** A task, pool, queue or DAG: shown as a chip. */
  isName: boolean;
  /** Where it begins in the sentence. */
  at: number;
}

/** Values under these keys are names. */
const NAMES = new Set(["task", "tasks", "pool", "queue", "dag", "key", "held_by", "rule", "other", "schedule"]);
const NAMES_MAX = 5;
/** What a reason may leave out: an ICU message must find every value that it names. */
const OPTIONAL = ["by", "note", "task", "tasks", "held_by", "busy", "params", "duration_s", "usual_s"];
const OPTIONAL_NUMBERS = ["blocked", "wants", "cancelled"];
/** Private-use characters: no text of a user holds them by accident. */
const OPEN = "\ue000";
const CLOSE = "\ue001";

export type Translate = (code: string, values: Record<string, unknown>) => string | null;

/** `translate` gives null for a code that the catalogue lacks: then the English sentence of the API stands. */
export function sentenceParts(sentence: Sentence, language: string, translate: Translate): SentencePart[] {
  const text = translate(sentence.code, shownValues(sentence.values, language));
  return text === null ? fallback(sentence.text) : cut(text);
}

export function plain(parts: readonly SentencePart[]): string {
  return parts.map((part) => part.text).join("");
}

/** Lengths (`…_s`) come as words, lists as `a, b and 3 more` with their count under `<key>_count`. */
function shownValues(values: Record<string, unknown>, language: string): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const key of OPTIONAL) Object.assign(shown, { [key]: "", [`has_${key}`]: "no" });
  for (const key of OPTIONAL_NUMBERS) shown[key] = 0;
  for (const [key, value] of Object.entries(values)) {
    shown[key] = shownValue(key, value, language);
    if (Array.isArray(value)) shown[`${key}_count`] = value.length;
    if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
      shown[`has_${key}`] = "no";
    else shown[`has_${key}`] = "yes";
  }
  return shown;
}

function shownValue(key: string, value: unknown, language: string): unknown {
  if (Array.isArray(value)) return list(value.map(String), key, language);
  if (typeof value === "number" && key.endsWith("_s")) return duration(language, value);
  if (typeof value === "number" && (key === "at" || key.endsWith("_date") || key.endsWith("_at")))
    return new Date(value * 1000);
  if (NAMES.has(key) && value !== null && value !== undefined && value !== "") return `${OPEN}${String(value)}${CLOSE}`;
  return value ?? "";
}

function list(items: string[], key: string, language: string): string {
  const shown = items.slice(0, NAMES_MAX).map((item) => (NAMES.has(key) ? `${OPEN}${item}${CLOSE}` : item));
  const more = items.length - shown.length;
  if (more > 0)
    return `${shown.join(", ")} ${language === "ru" ? "и ещё" : "and"} ${number(language, more)}${language === "ru" ? "" : " more"}`;
  return shown.join(", ");
}

function cut(text: string): SentencePart[] {
  return parts(text.split(/(\ue000[^\ue001]*\ue001)/), OPEN);
}

function fallback(text: string): SentencePart[] {
  return parts(text.split(/(`[^`]+`)/), "`");
}

/** Pieces that begin with `mark` are names between two marks. */
function parts(pieces: readonly string[], mark: string): SentencePart[] {
  const found: SentencePart[] = [];
  let at = 0;
  for (const piece of pieces) {
    const isName = piece.startsWith(mark) && piece.length > 2;
    const text = isName ? piece.slice(1, -1) : piece;
    if (text) found.push({ text, isName, at });
    at += text.length;
  }
  return found;
}
