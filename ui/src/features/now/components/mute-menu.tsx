/** Asks until when nobody wants to hear of a thing. */
import { Button, Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { dayStart } from "../../../time/day-start";
import { clock } from "../../../time/format";
import { useZone } from "../../../time/zone";

const HOUR_MS = 3_600_000;
const MORNING_H = 9;

interface MuteMenuProps {
  /** Whether a success can end the mute; a queue has none. */
  canSucceed: boolean;
  label: string;
  onMute: (until: string | null) => void;
}

export function MuteMenu({ canSucceed, label, onMute }: MuteMenuProps) {
  const { t, i18n } = useTranslation("now");
  const zone = useZone();
  const morning = () => dayStart(Date.now() + 24 * HOUR_MS, zone) + MORNING_H * HOUR_MS;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="ink" aria-label={`${t("needs.mute")}: ${label}`}>
          {t("needs.mute")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("needs.muteUntil")}</Menu.Label>
        {canSucceed ? <Menu.Item onClick={() => onMute(null)}>{t("needs.muteSuccess")}</Menu.Item> : null}
        <Menu.Item onClick={() => onMute(new Date(Date.now() + HOUR_MS).toISOString())}>
          {t("needs.muteHour")}
        </Menu.Item>
        <Menu.Item onClick={() => onMute(new Date(morning()).toISOString())}>
          {t("needs.muteTomorrow", { clock: clock(i18n.language, new Date(morning()), zone) })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
