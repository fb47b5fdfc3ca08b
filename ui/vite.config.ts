import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin, Rolldown } from "vite";
import { defineConfig } from "vitest/config";

/** The address of a running `potok up`, for `npm run dev`. */
const server = process.env.POTOK_URL ?? "http://127.0.0.1:8080";

/** Parts of pages smaller than this come with a neighbour. */
const MERGED_BYTES = 4_000;

const FIRST_PAINT = '<script src="./first-paint.js"></script>';

type CodeSplittingGroup = Rolldown.CodeSplittingGroup;
type Context = Parameters<Extract<CodeSplittingGroup["name"], (...args: never) => unknown>>[1];

/** All that a module imports before it runs. */
function reached(from: string, context: Context): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(context.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}

const EARLY = join(import.meta.dirname, "src/early.ts");

/** Many small chunks cost more than they spare: each is a question to the server and a packing of its own. */
const CHUNKS: readonly CodeSplittingGroup[] = [
  // What asks early stands in front of nothing else.
  { debugName: "asks", name: (id, context) => (reached(EARLY, context).has(id) ? "asks" : null), priority: 3 },
  // The browser reads each file on a thread of its own: two of the half are ready sooner than one.
  { name: "react", test: /[\\/]node_modules[\\/](react|react-dom|scheduler)[\\/]/, tags: ["$initial"], priority: 3 },
  { name: "base", tags: ["$initial"], priority: 2 },
  // What nearly every page is made of.
  { name: "ours", test: /[\\/]src[\\/](ui|live|time)[\\/][\w.-]+$/, minShareCount: 5, priority: 2 },
  { name: "parts", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: MERGED_BYTES, priority: 1 },
];

/** Packs every asset once at build time, so that the server never compresses. */
function packed(): Plugin {
  return {
    name: "potok-packed",
    apply: "build",
    writeBundle({ dir }) {
      const folder = join(dir ?? "", "assets");
      for (const name of readdirSync(folder)) {
        if (/\.(js|css)$/.test(name))
          writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }));
      }
    },
  };
}

/** The page's first script asks the server before the rest has come: nothing else may stand in front of it. */
function early(): Plugin {
  return {
    name: "potok-early",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const chunk = Object.values(bundle ?? {}).find((one) => one.type === "chunk" && one.name === "early");
        if (!chunk) throw new Error("src/early.ts was not built");
        // Behind <base>, which its address is relative to; it waits for no style sheet.
        return html.replace(
          FIRST_PAINT,
          `${FIRST_PAINT}\n    <script type="module" async src="./${chunk.fileName}"></script>`,
        );
      },
    },
  };
}

/** The server puts its prefix into the page; while developing there is none. */
function unprefixed(): Plugin {
  return {
    name: "potok-unprefixed",
    apply: "serve",
    transformIndexHtml: (html) => html.replace("__BASE__", "/"),
  };
}

export default defineConfig({
  // Addresses are relative to <base>, so that one build serves every path prefix.
  base: "./",
  plugins: [react(), early(), packed(), unprefixed()],
  build: {
    outDir: "../src/potok/api/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: "index.html", early: "src/early.ts" },
      output: { codeSplitting: { groups: [...CHUNKS] } },
    },
    // An inlined asset would be a data: address, which the Content-Security-Policy forbids.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
  },
  worker: { format: "es" },
  server: { proxy: { "/api": server, "/login": server, "/healthz": server } },
  test: {
    environment: "node",
    testTimeout: 60_000,
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
