/** A mistake of ours in one page: the frame stays, the details can be copied. */
import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import { CopyButton } from "../ui/copy";
import { Headline, Page } from "../ui/page";
import { MissingPage } from "./missing-page";

export function CrashPage({ error: thrown }: ErrorComponentProps) {
  const { t } = useTranslation("shell");
  const { t: words } = useTranslation();
  if (asProblem(thrown).isMissing) return <MissingPage />;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return (
    <Page title={t("crash.title")}>
      <Headline
        second={t("crash.hint")}
        actions={
          <>
            <Button onClick={() => location.reload()}>{t("crash.reload")}</Button>
            <CopyButton text={`${error.message}\n${error.stack ?? ""}`}>{words("load.copyDetails")}</CopyButton>
          </>
        }
      >
        {t("crash.title")}
      </Headline>
      <pre>{error.message}</pre>
    </Page>
  );
}
