/** Whose wall clock the pages show. */
import { useTranslation } from "react-i18next";
import { setPreferences, usePreferences } from "../preferences/preferences";
import { zoneLabel, zoneName } from "../time/zone-name";
import { Menu } from "../ui/menu";
import styles from "./top-bar.module.css";

export function ZoneMenu() {
  const { t, i18n } = useTranslation("shell");
  const { zone } = usePreferences();
  const local = zoneLabel(zoneName("local"), new Date(), i18n.language);
  const names = { local: t("zone.local", { zone: local }), utc: t("zone.utc"), dag: t("zone.dag") };
  return (
    <Menu
      button={
        <button
          type="button"
          className={`${styles.tool} ${styles.zone}`}
          aria-label={`${t("zone.label")}: ${names[zone]}`}
        >
          <span>{names[zone]}</span>
          <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d="m4 6 4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
          </svg>
        </button>
      }
      entries={() =>
        (["local", "utc", "dag"] as const).map((one) => ({
          kind: "item",
          key: one,
          words: names[one],
          chosen: one === zone,
          onClick: () => setPreferences({ zone: one }),
        }))
      }
    />
  );
}
