/** Addresses and the pages behind them. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { basePath } from "../api/address";
import { part } from "../live/part";
import { CrashPage } from "./crash-page";
import { MissingPage } from "./missing-page";
import { PAGES, type PageCode } from "./pages";
import { anySearch, parseSearch, stringifySearch } from "./search-params";
import { Shell } from "./shell";

const root = createRootRoute({
  component: Shell,
  validateSearch: anySearch,
  notFoundComponent: MissingPage,
  errorComponent: CrashPage,
});

const page = <Path extends string>({ path, load }: { path: Path; load: PageCode["load"] }) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(part(load)) });

const [now, dags, dag, dagTab, runs, run, logs, workers] = PAGES;
// One by one, so that the router knows each address by its type.
const pages = [page(now), page(dags), page(dag), page(dagTab), page(runs), page(run), page(logs), page(workers)];

export const router = createRouter({
  routeTree: root.addChildren(pages),
  basepath: basePath(),
  parseSearch,
  stringifySearch,
  defaultPreload: "intent",
  defaultPreloadDelay: 60,
  defaultNotFoundComponent: MissingPage,
  defaultErrorComponent: CrashPage,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
