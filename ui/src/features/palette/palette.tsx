/** The command palette: one field for DAGs, runs, tasks, what can be done here, and settings. */
import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../api/problem";
import { placeOf } from "../../ui/place";
import { EntryRow } from "./components/entry-row";
import styles from "./components/palette.module.css";
import { useEntries } from "./components/use-entries";
import { type Entry, recentOf } from "./model/entries";
import { remember } from "./model/recent";

const SHOWN_AS_LONG_AS_MS = 6_000;

export default function Palette({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("palette");
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (problem === null) return;
    const timer = setTimeout(() => setProblem(null), SHOWN_AS_LONG_AS_MS);
    return () => clearTimeout(timer);
  }, [problem]);
  return (
    <>
      <Modal.Root
        opened={isOpen}
        onClose={onClose}
        lockScroll={false}
        padding={0}
        size={640}
        yOffset="12vh"
        centered={false}
      >
        <Modal.Overlay />
        <Modal.Content aria-label={t("title")}>
          <Field onClose={onClose} onProblem={(error) => setProblem(asProblem(error).detail)} />
        </Modal.Content>
      </Modal.Root>
      {problem === null ? null : (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

function Field({ onClose, onProblem }: { onClose: () => void; onProblem: (error: unknown) => void }) {
  const { t } = useTranslation("palette");
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  // At once: what is typed right after Ctrl+K must not be lost to the page below.
  useEffect(() => field.current?.focus(), []);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [armed, setArmed] = useState<string | null>(null);
  const { entries, isSearching, problem } = useEntries(query, onProblem);
  const current = Math.min(at, Math.max(entries.length - 1, 0));
  const choose = useChoose(armed, setArmed, onClose);
  const move = (to: number) => {
    setArmed(null);
    setAt((to + entries.length) % Math.max(entries.length, 1));
  };
  useEffect(() => {
    list.current?.querySelector(`[id="${id}-${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, current]);
  const pressed = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: current + 1, ArrowUp: current - 1 };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const entry = entries[current];
      if (entry) choose(entry);
    }
  };
  return (
    <div className={styles.palette}>
      <input
        ref={field}
        className={styles.field}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={entries.length > 0 ? `${id}-${current}` : undefined}
        aria-label={t("title")}
        placeholder={t("placeholder")}
        value={query}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
          setArmed(null);
        }}
        onKeyDown={pressed}
      />
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t("title")} className={styles.list}>
        {entries.map((entry, index) => (
          <Fragment key={`${entry.group} ${entry.id}`}>
            {entries[index - 1]?.group === entry.group ? null : (
              <p className={styles.group} role="presentation">
                {t(`group.${entry.group}`)}
              </p>
            )}
            <EntryRow
              entry={entry}
              id={`${id}-${index}`}
              isCurrent={index === current}
              isArmed={armed === entry.id}
              onPoint={() => {
                if (index !== current) move(index);
              }}
              onChoose={() => choose(entry)}
            />
          </Fragment>
        ))}
      </div>
      <Nothing isShown={entries.length === 0 && !isSearching} q={query} problem={problem} />
    </div>
  );
}

function Nothing({ isShown, q, problem }: { isShown: boolean; q: string; problem: unknown }) {
  const { t } = useTranslation();
  if (problem) return <p className={styles.nothing}>{asProblem(problem).detail}</p>;
  return isShown ? <p className={styles.nothing}>{t("empty.noMatch", { q })}</p> : null;
}

/** Goes there or does it; what cannot be taken back is done at the second Enter. */
function useChoose(armed: string | null, arm: (id: string) => void, onClose: () => void) {
  const navigate = useNavigate();
  return (entry: Entry) => {
    if (entry.isDestructive && armed !== entry.id) {
      arm(entry.id);
      return;
    }
    const recent = recentOf(entry);
    if (recent) remember(recent);
    onClose();
    if (entry.to !== undefined) void navigate(placeOf(entry.to));
    else entry.act?.();
  };
}
