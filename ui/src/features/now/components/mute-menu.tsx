/** Asks until when nobody wants to hear of a thing. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { dayStart } from "../../../time/day-start";
import { clock } from "../../../time/format";
import { useZone } from "../../../time/zone";
import { Menu, type MenuEntry } from "../../../ui/menu";

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
  const entries = (): MenuEntry[] => [
    { kind: "title", key: "until", words: t("needs.muteUntil") },
    ...(canSucceed
      ? [{ kind: "item" as const, key: "success", words: t("needs.muteSuccess"), onClick: () => onMute(null) }]
      : []),
    {
      kind: "item",
      key: "hour",
      words: t("needs.muteHour"),
      onClick: () => onMute(new Date(Date.now() + HOUR_MS).toISOString()),
    },
    {
      kind: "item",
      key: "tomorrow",
      words: t("needs.muteTomorrow", { clock: clock(i18n.language, new Date(morning()), zone) }),
      onClick: () => onMute(new Date(morning()).toISOString()),
    },
  ];
  return (
    <Menu
      button={
        <Button variant="subtle" color="ink" aria-label={`${t("needs.mute")}: ${label}`}>
          {t("needs.mute")}
        </Button>
      }
      entries={entries}
    />
  );
}
