import { defineConfig } from "@playwright/test";
import journeys from "../playwright.config";

/** The same browser as the journeys; one thing at a time, nothing recorded, CPU and network as they are. */
export default defineConfig({
  ...journeys,
  testDir: ".",
  testMatch: "*.bench.ts",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 240_000,
  reporter: [["list"]],
  outputDir: "../test-results/bench",
  use: { ...journeys.use, trace: "off", screenshot: "off" },
});
