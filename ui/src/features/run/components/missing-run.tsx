/** There is no such run: names it and leads on. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Chip } from "../../../ui/chip";
import { Headline, Page } from "../../../ui/page";

export function MissingRun({ run }: { run: string }) {
  const { t } = useTranslation("run");
  return (
    <Page title={t("title.missing")}>
      <Headline second={<Link to="/runs">{t("title.toRuns")}</Link>}>
        {t("title.missing")} <Chip>{run}</Chip>
      </Headline>
    </Page>
  );
}
