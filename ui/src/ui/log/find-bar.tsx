/** The field that looks for a text in the log, and the steps from hit to hit. */
import { ActionIcon, CloseButton, TextInput } from "@mantine/core";
import { type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { number } from "../../time/format";
import styles from "./find-bar.module.css";
import type { LogMatches } from "./log-queries";

interface FindBarProps {
  field: RefObject<HTMLInputElement | null>;
  find: string;
  onFind: (find: string) => void;
  /** Whether it is a regular expression. */
  isPattern: boolean;
  onPattern: (isPattern: boolean) => void;
  matches: LogMatches | undefined;
  failed: string | undefined;
  /** The hit that is shown, counted from 0. */
  at: number;
  onStep: (by: number) => void;
}

const TYPING_MS = 250;

export function FindBar({ field, find, onFind, isPattern, onPattern, matches, failed, at, onStep }: FindBarProps) {
  const { t } = useTranslation("logs");
  const [typed, setTyped] = useState(find);
  useEffect(() => setTyped(find), [find]);
  useEffect(() => {
    if (typed === find) return;
    const timer = setTimeout(() => onFind(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, find, onFind]);
  const has = matches !== undefined && matches.items.length > 0;
  return (
    <search className={styles.find}>
      <TextInput
        ref={field}
        size="xs"
        className={styles.field ?? ""}
        aria-label={t("find")}
        placeholder={t("find")}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && typed === find) onStep(event.shiftKey ? -1 : 1);
          if (event.key === "Escape") setTyped("");
        }}
        rightSection={typed ? <CloseButton size="sm" aria-label={t("findClear")} onClick={() => setTyped("")} /> : null}
      />
      <ActionIcon
        className={styles.step ?? ""}
        variant={isPattern ? "filled" : "default"}
        size={28}
        aria-pressed={isPattern}
        aria-label={t("pattern")}
        title={t("pattern")}
        onClick={() => onPattern(!isPattern)}
      >
        .*
      </ActionIcon>
      <span className={styles.count} role="status">
        {failed ?? <Count find={find} matches={matches} at={at} />}
      </span>
      <ActionIcon
        className={styles.step ?? ""}
        variant="default"
        size={28}
        disabled={!has}
        aria-label={t("previous")}
        onClick={() => onStep(-1)}
      >
        ↑
      </ActionIcon>
      <ActionIcon
        className={styles.step ?? ""}
        variant="default"
        size={28}
        disabled={!has}
        aria-label={t("next")}
        onClick={() => onStep(1)}
      >
        ↓
      </ActionIcon>
    </search>
  );
}

function Count({ find, matches, at }: Pick<FindBarProps, "find" | "matches" | "at">) {
  const { t, i18n } = useTranslation("logs");
  if (!find) return null;
  if (!matches) return <>{t("finding")}</>;
  const total = `${number(i18n.language, matches.total)}${matches.complete ? "" : "+"}`;
  if (matches.total === 0) return <>{t("noHit")}</>;
  return (
    <>{at < 0 ? t("hits", { n: matches.total, total }) : t("hitOf", { at: number(i18n.language, at + 1), total })}</>
  );
}
