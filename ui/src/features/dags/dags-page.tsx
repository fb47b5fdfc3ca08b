/** All DAGs: failed and late first, searched as you type, acted on one by one or many at once. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveRefresh } from "../../live/use-live";
import { number } from "../../time/format";
import { Headline, Page } from "../../ui/page";
import { dagKeys, dagsQuery, facetsQuery } from "./api/queries";
import { BulkBar } from "./components/bulk-bar";
import { DagTable } from "./components/dag-table";
import { FilterBar } from "./components/filter-bar";
import styles from "./dags-page.module.css";
import { useFilters } from "./hooks/use-filters";
import { NOTHING_CHOSEN, toggled } from "./model/row";

const CALM_MS = 2_000;

export default function DagsPage() {
  const { t } = useTranslation("dags");
  const { filters, setFilters, clear } = useFilters();
  const [selection, setSelection] = useState(NOTHING_CHOSEN);
  useLiveRefresh(dagKeys.all, (event) => event.type === "run" || event.type === "dags", CALM_MS);
  const choose = useCallback((ids: readonly string[], id: string, toAnchor: boolean) => {
    setSelection((before) => toggled(before, ids, id, toAnchor));
  }, []);
  return (
    <Page title={t("title")}>
      <Headline>
        <Words />
      </Headline>
      <FilterBar filters={filters} onChange={setFilters}>
        <Shown />
      </FilterBar>
      <section className={styles.list} aria-label={t("title")}>
        <DagTable filters={filters} selection={selection} onChoose={choose} onClear={clear} />
      </section>
      <BulkBar chosen={selection.chosen} onClear={() => setSelection(NOTHING_CHOSEN)} />
    </Page>
  );
}

function Words() {
  const { t } = useTranslation("dags");
  const facets = useQuery(facetsQuery());
  if (!facets.data) return <>{t("title")}</>;
  const count = (name: string) => facets.data.states.find((state) => state.name === name)?.count ?? 0;
  const needs = count("failed") + count("late");
  return (
    <>
      {needs > 0 ? t("headline.needs", { n: facets.data.total, needs }) : t("headline.all", { n: facets.data.total })}
    </>
  );
}

function Shown() {
  const { t, i18n } = useTranslation("dags");
  const { filters, isFiltered } = useFilters();
  const list = useInfiniteQuery(dagsQuery(filters));
  const facets = useQuery(facetsQuery());
  const total = list.data?.pages[0]?.total;
  if (!isFiltered || total === undefined || !facets.data) return null;
  return (
    <span className={styles.shown} role="status">
      {t("headline.filtered", { shown: number(i18n.language, total), n: facets.data.total })}
    </span>
  );
}
