/** Everything the palette lists for what was typed. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { changeLanguage } from "../../../i18n/i18n";
import { setPreferences, usePreferences } from "../../../preferences/preferences";
import { useAllPageActions } from "../../../ui/page-actions";
import { searchQuery } from "../api/queries";
import { type Entry, entryOf, grouped, recentEntry } from "../model/entries";
import { fitting } from "../model/match";
import { recents } from "../model/recent";
import { useSubjectActions } from "./use-subject-actions";

const TYPED_MS = 120;

export function useEntries(query: string, onProblem: (error: unknown) => void) {
  const typed = query.trim();
  const asked = useDelayed(typed);
  const found = useQuery(searchQuery(asked));
  const actions = useActions(onProblem);
  const places = usePlaces();
  const hits = typed && found.data ? found.data.items.map(entryOf) : [];
  const recent = typed ? [] : recents().map(recentEntry);
  const entries = grouped([...recent, ...hits, ...fitting(typed, [...actions, ...places], (entry) => entry.label)]);
  return { entries, isSearching: typed !== "" && (typed !== asked || found.isFetching), problem: found.error };
}

function useActions(onProblem: (error: unknown) => void): Entry[] {
  const own = useAllPageActions().map((action): Entry => {
    const { price, ...rest } = action;
    return { ...rest, group: "actions", ...(price ? { note: price } : {}) };
  });
  const known = new Set(own.map((action) => action.id));
  return [...own, ...useSubjectActions(onProblem).filter((action) => !known.has(action.id))];
}

function usePlaces(): Entry[] {
  const { t } = useTranslation("palette");
  const { t: shell } = useTranslation("shell");
  const { keys } = usePreferences();
  const go = (key: "now" | "dags" | "runs" | "workers", to: string, letter: string): Entry => ({
    id: to,
    group: "go",
    label: shell(`nav.${key}`),
    to,
    keyName: `G ${letter}`,
  });
  const theme = (name: "system" | "light" | "dark"): Entry => ({
    id: `theme ${name}`,
    group: "settings",
    label: `${shell("theme.label")}: ${shell(`theme.${name}`)}`,
    act: () => setPreferences({ theme: name }),
  });
  const language = (name: "en" | "ru"): Entry => ({
    id: `language ${name}`,
    group: "settings",
    label: t(`setting.${name}`),
    act: () => {
      setPreferences({ language: name });
      void changeLanguage(name);
    },
  });
  return [
    go("now", "/", "N"),
    go("dags", "/dags", "D"),
    go("runs", "/runs", "R"),
    go("workers", "/workers", "W"),
    theme("system"),
    theme("light"),
    theme("dark"),
    language("en"),
    language("ru"),
    {
      id: "keys",
      group: "settings",
      label: t(keys ? "setting.keysOff" : "setting.keysOn"),
      act: () => setPreferences({ keys: !keys }),
    },
  ];
}

function useDelayed(text: string): string {
  const [delayed, setDelayed] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(text), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return delayed;
}
