/** Addresses and the pages behind them; each page is a chunk of its own. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { basePath } from "../api/address";
import { part } from "../live/part";
import { CrashPage } from "./crash-page";
import { MissingPage } from "./missing-page";
import { anySearch, parseSearch, stringifySearch } from "./search-params";
import { Shell } from "./shell";

const root = createRootRoute({
  component: Shell,
  validateSearch: anySearch,
  notFoundComponent: MissingPage,
  errorComponent: CrashPage,
});

/** A page of its own chunk at `path`. */
const page = <Path extends string>(path: Path, load: () => Promise<{ default: ComponentType }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(part(load)) });

const pages = [
  page("/", () => import("../features/now/now-page")),
  page("/dags", () => import("../features/dags/dags-page")),
  page("/dags/$dag", () => import("../features/dag/dag-page")),
  page("/dags/$dag/$tab", () => import("../features/dag/dag-page")),
  page("/runs", () => import("../features/runs/runs-page")),
  page("/runs/$run", () => import("../features/run/run-page")),
  page("/runs/$run/logs", () => import("../features/logs/logs-page")),
  page("/workers", () => import("../features/workers/workers-page")),
];

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
