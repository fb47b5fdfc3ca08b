/** An address that leads nowhere: says which, and offers ways on. */
import { Button } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Headline, Page } from "../ui/page";

export function MissingPage() {
  const { t } = useTranslation("shell");
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <Page title="404">
      <Headline second={t("missing.hint")}>{t("missing.title", { path })}</Headline>
      <div>
        <Button renderRoot={(props) => <Link to="/" {...props} />}>{t("missing.home")}</Button>
      </div>
    </Page>
  );
}
