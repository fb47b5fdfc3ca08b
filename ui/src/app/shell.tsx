/** What stands around every page: the skip link, the top bar, the notice of a lost connection, the tabs on a phone. */
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { part } from "../live/part";
import { ConnectionNotice } from "./connection-notice";
import { PaletteSlot } from "./palette-slot";
import { PhoneTabs } from "./phone-tabs";
import { sessionIsBack, useLostSession } from "./session";
import styles from "./shell.module.css";
import { TopBar } from "./top-bar";
import { WaitingGate } from "./waiting-gate";

const LoginPage = lazy(part(() => import("./login-page")));

export function Shell() {
  const { t } = useTranslation("shell");
  if (useLostSession())
    return (
      <Suspense fallback={null}>
        <LoginPage onDone={backToPage} />
      </Suspense>
    );
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t("skip")}
      </a>
      <TopBar />
      <ConnectionNotice />
      <main id="main" tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <PhoneTabs />
      <WaitingGate />
      <PaletteSlot />
    </div>
  );
}

function backToPage(): void {
  sessionIsBack();
  // The live stream was refused as well; a fresh start is simpler than mending every part.
  location.replace(location.pathname + location.search.replace(/[?&]expired=1/, ""));
}
