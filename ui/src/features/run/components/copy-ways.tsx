/** The run as a command, as a request, as a file. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../../ui/copy";
import { useSaveFile } from "../api/use-save-file";
import { commandsOf } from "../model/copied";
import type { RunStory } from "../model/types";

export function CopyWays({ story, task }: { story: RunStory; task: string }) {
  const { t } = useTranslation("run");
  const save = useSaveFile(story);
  const commands = commandsOf(story, task, document.baseURI);
  return (
    <>
      <CopyButton text={commands.cli} c="var(--live)" fw={400}>
        {t("action.copyCli")}
      </CopyButton>
      <CopyButton text={commands.curl} c="var(--live)" fw={400}>
        {t("action.copyCurl")}
      </CopyButton>
      <Button variant="subtle" c="var(--live)" fw={400} size="compact-sm" loading={save.saving} onClick={save.save}>
        {t("action.save")}
      </Button>
    </>
  );
}
