/** A thin bar while the page is not live: since when, and that it tries again by itself. */
import { useTranslation } from "react-i18next";
import { liveSource } from "../live/hub";
import { useConnection } from "../live/use-live";
import { clock } from "../time/format";
import { useZone } from "../time/zone";
import styles from "./connection-notice.module.css";

export function ConnectionNotice() {
  const { t, i18n } = useTranslation("shell");
  const zone = useZone();
  const connection = useConnection();
  return (
    <div role="status" className={styles.place}>
      {connection.state === "lost" ? (
        <div className={styles.notice}>
          {t("live.lost", { clock: clock(i18n.language, new Date(connection.since), zone, true) })}
          <button type="button" className={styles.again} onClick={() => liveSource().again()}>
            {t("live.again")}
          </button>
        </div>
      ) : null}
    </div>
  );
}
