import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** Debian's own Chromium; POTOK_CHROMIUM names another one. */
const chromium = process.env.POTOK_CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(chromium))
  throw new Error(`There is no browser at ${chromium}: run scripts/need chromium, or set POTOK_CHROMIUM.`);

export default defineConfig({
  testDir: "./e2e",
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: Number(process.env.WORKERS ?? 2),
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI ? [["list"]] : [["line"]],
  outputDir: "test-results",
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Moscow",
    colorScheme: "light",
    // Recording every test costs time: ask for it with `--trace retain-on-failure`.
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromium,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
