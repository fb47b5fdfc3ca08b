/** The rest of what can be done with a run: copy it as a command, share it as a file, open its whole log. */
import { ActionIcon } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Menu, type MenuEntry } from "../../../ui/menu";
import { isActive } from "../model/facts";
import type { RunStory } from "../model/types";
import type { DialogName } from "./actions";

export interface MoreProps {
  story: RunStory;
  hasParams: boolean;
  canRetry: boolean;
  onDialog: (name: DialogName) => void;
  onCopy: (form: "cli" | "curl") => void;
  onSave: () => void;
  size?: number;
}

export function MoreMenu({ story, hasParams, canRetry, onDialog, onCopy, onSave, size = 32 }: MoreProps) {
  const { t } = useTranslation("run");
  const active = isActive(story);
  const item = (key: string, words: string, onClick: () => void): MenuEntry => ({ kind: "item", key, words, onClick });
  const entries = (): MenuEntry[] => [
    ...(canRetry && hasParams ? [item("edit", t("action.edits"), () => onDialog("edit"))] : []),
    item("mark", t("action.mark"), () => onDialog("mark")),
    ...(active ? [item("cancel", t("action.cancelRun"), () => onDialog("cancel"))] : []),
    { kind: "line", key: "line" },
    {
      kind: "item",
      key: "logs",
      words: t("action.logs"),
      link: (props) => <Link to="/runs/$run/logs" params={{ run: story.run.run_id }} {...props} />,
    },
    item("cli", t("action.copyCli"), () => onCopy("cli")),
    item("curl", t("action.copyCurl"), () => onCopy("curl")),
    item("save", t("action.save"), onSave),
  ];
  return (
    <Menu
      button={
        <ActionIcon variant="default" size={size} aria-label={t("action.more")}>
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <circle cx="3" cy="8" r="1.4" fill="currentColor" />
            <circle cx="8" cy="8" r="1.4" fill="currentColor" />
            <circle cx="13" cy="8" r="1.4" fill="currentColor" />
          </svg>
        </ActionIcon>
      }
      entries={entries}
    />
  );
}
