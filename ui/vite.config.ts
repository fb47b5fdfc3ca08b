import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The address of a running `potok up`, for `npm run dev`. */
const server = process.env.POTOK_URL ?? "http://127.0.0.1:8080";

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
  plugins: [react(), packed(), unprefixed()],
  build: {
    outDir: "../src/potok/api/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
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
