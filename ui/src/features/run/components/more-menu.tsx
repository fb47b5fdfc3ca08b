/** The rest of what can be done with a run: copy it as a command, share it as a file, open its whole log. */
import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
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
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={size} aria-label={t("action.more")}>
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <circle cx="3" cy="8" r="1.4" fill="currentColor" />
            <circle cx="8" cy="8" r="1.4" fill="currentColor" />
            <circle cx="13" cy="8" r="1.4" fill="currentColor" />
          </svg>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {canRetry && hasParams ? <Menu.Item onClick={() => onDialog("edit")}>{t("action.edits")}</Menu.Item> : null}
        <Menu.Item onClick={() => onDialog("mark")}>{t("action.mark")}</Menu.Item>
        {active ? <Menu.Item onClick={() => onDialog("cancel")}>{t("action.cancelRun")}</Menu.Item> : null}
        <Menu.Divider />
        <Menu.Item renderRoot={(props) => <Link to="/runs/$run/logs" params={{ run: story.run.run_id }} {...props} />}>
          {t("action.logs")}
        </Menu.Item>
        <Menu.Item onClick={() => onCopy("cli")}>{t("action.copyCli")}</Menu.Item>
        <Menu.Item onClick={() => onCopy("curl")}>{t("action.copyCurl")}</Menu.Item>
        <Menu.Item onClick={onSave}>{t("action.save")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
