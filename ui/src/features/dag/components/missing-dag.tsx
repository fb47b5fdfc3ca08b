/** No DAG has this name: says so and offers to look for it. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Headline, Page } from "../../../ui/page";

export function MissingDag({ dag }: { dag: string }) {
  const { t } = useTranslation("dag");
  return (
    <Page title={t("missing.title", { dag })}>
      <Headline
        second={t("missing.hint")}
        actions={
          <Button variant="default" component={Link} to="/dags" search={{ q: dag } as never}>
            {t("missing.search")}
          </Button>
        }
      >
        {t("missing.title", { dag })}
      </Headline>
    </Page>
  );
}
