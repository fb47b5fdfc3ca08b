import { useTranslation } from "react-i18next";
import { Headline, Page } from "../../ui/page";

export default function ThePage() {
  const { t } = useTranslation("shell");
  return (
    <Page title={t("nav.dags")}>
      <Headline>{t("nav.dags")}</Headline>
    </Page>
  );
}
