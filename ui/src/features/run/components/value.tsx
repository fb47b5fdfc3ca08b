/** A value then and now: `rows 48,213 → 48,977 (+1.6 %)`. */
import { useTranslation } from "react-i18next";
import { number, percent } from "../../../time/format";
import { breakable } from "../../../ui/chip";
import styles from "./changes-card.module.css";

export function Value({
  change,
  strong = false,
}: {
  change: { name: string; old?: unknown; new?: unknown };
  strong?: boolean;
}) {
  const { i18n } = useTranslation();
  const before = change.old;
  const after = change.new;
  const share =
    typeof before === "number" && typeof after === "number" && before !== 0
      ? `(${after > before ? "+" : "−"}${percent(i18n.language, Math.abs(after / before - 1), 1)})`
      : "";
  return (
    <>
      <span className={strong ? styles.valueName : undefined}>{breakable(change.name)}</span>{" "}
      {shown(before, i18n.language)} → <b>{shown(after, i18n.language)}</b> {share}
    </>
  );
}

const TEXT_MAX = 60;

function shown(value: unknown, language: string): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return number(language, value, Math.abs(value) < 10 ? 4 : 2);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}
