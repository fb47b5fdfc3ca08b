import { defineConfig } from "@playwright/test";
import journeys from "../playwright.config";

/** Pictures are made by the same browser and servers as the journeys. */
export default defineConfig({
  ...journeys,
  testDir: ".",
  testMatch: "*.picture.ts",
  timeout: 300_000,
  reporter: [["list"]],
  outputDir: "../test-results/pictures",
  use: { ...journeys.use, trace: "off", screenshot: "off" },
});
