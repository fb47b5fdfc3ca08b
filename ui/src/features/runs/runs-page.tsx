/** All runs, newest first. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLiveRefresh } from "../../live/use-live";
import { number } from "../../time/format";
import { Headline, Page } from "../../ui/page";
import { Empty, Failure, Loading, NoMatch } from "../../ui/panel-states";
import { runKeys, runsQuery } from "./api/queries";
import { FilterBar } from "./components/filter-bar";
import { RunTable } from "./components/run-table";
import { useFilters } from "./hooks/use-filters";

const CALM_MS = 1_500;
const HEIGHT = 480;

export default function RunsPage() {
  const { t, i18n } = useTranslation("runs");
  const { filters, setFilters, isFiltered, clear } = useFilters();
  const list = useInfiniteQuery(runsQuery(filters));
  useLiveRefresh(runKeys.lists(), (event) => event.type === "run", CALM_MS);
  const runs = list.data?.pages.flatMap((page) => page.items) ?? [];
  const first = list.data?.pages[0];
  const shown = number(i18n.language, first?.total ?? 0);
  const words =
    first === undefined
      ? t("title")
      : t(first.total_is_more ? "headline.more" : "headline.all", { n: first.total, shown });
  // A list that is longer than it was counted goes on as long as there are pages.
  const total = first?.total_is_more && list.hasNextPage ? Math.max(first.total, runs.length + 1) : (first?.total ?? 0);
  return (
    <Page title={t("title")}>
      <Headline>{words}</Headline>
      <FilterBar filters={filters} onChange={setFilters} />
      {list.isPending ? <Loading what={t("what")} height={HEIGHT} /> : null}
      {list.isError && runs.length === 0 ? (
        <Failure error={list.error} what={t("what")} onRetry={() => void list.refetch()} />
      ) : null}
      {list.data && runs.length === 0 ? isFiltered ? <NoMatch onClear={clear} /> : <Empty>{t("empty")}</Empty> : null}
      {runs.length > 0 ? (
        <RunTable
          key={`${filters.dag} ${filters.state} ${filters.span}`}
          runs={runs}
          total={list.hasNextPage ? total : runs.length}
          onEnd={() => {
            if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
          }}
        />
      ) : null}
    </Page>
  );
}
