/** Saves the run as one offline page; what makes it is loaded when it is asked for. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useZone } from "../../../time/zone";
import type { RunStory } from "../model/types";

export function useSaveFile(story: RunStory): { save: () => void; saving: boolean } {
  const client = useQueryClient();
  const { i18n } = useTranslation();
  const zone = useZone();
  const [saving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    try {
      const { saveRun } = await import("../offline/save");
      await saveRun(client, story, i18n.language, zone);
    } finally {
      setSaving(false);
    }
  };
  return { save: () => void save(), saving };
}
