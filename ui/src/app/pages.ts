/** Addresses and the code behind them: each page is a chunk of its own. Needs no router: it is read before one is there. */
import type { ComponentType } from "react";

export interface PageCode {
  /** As the router writes it. */
  path: string;
  load: () => Promise<{ default: ComponentType }>;
  /** What the page will load itself as soon as it is there. */
  parts?: () => Promise<unknown>[];
}

export const PAGES = [
  { path: "/", load: () => import("../features/now/now-page") },
  { path: "/dags", load: () => import("../features/dags/dags-page") },
  {
    path: "/dags/$dag",
    load: () => import("../features/dag/dag-page"),
    parts: () => [
      import("../features/dag/components/overview"),
      import("../graph/view/task-graph"),
      import("../graph/view/graph-canvas"),
    ],
  },
  { path: "/dags/$dag/$tab", load: () => import("../features/dag/dag-page") },
  { path: "/runs", load: () => import("../features/runs/runs-page") },
  {
    path: "/runs/$run",
    load: () => import("../features/run/run-page"),
    parts: () => [import("../graph/view/graph-canvas")],
  },
  { path: "/runs/$run/logs", load: () => import("../features/logs/logs-page") },
  { path: "/workers", load: () => import("../features/workers/workers-page") },
] as const satisfies readonly PageCode[];

/** The page at `path` with the names in it, such as `{ dag: "orders" }`. */
export function pageAt(path: string): { page: PageCode; names: Record<string, string> } | null {
  const parts = partsOf(path);
  for (const page of PAGES) {
    const template = partsOf(page.path);
    if (template.length !== parts.length) continue;
    if (!template.every((part, at) => part.startsWith("$") || part === parts[at])) continue;
    const named = template.flatMap((part, at) => (part.startsWith("$") ? [[part.slice(1), decoded(parts[at])]] : []));
    return { page, names: Object.fromEntries(named) };
  }
  return null;
}

function partsOf(path: string): string[] {
  return path.split("/").filter(Boolean);
}

function decoded(part = ""): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
