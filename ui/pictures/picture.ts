/** One picture of a page that stands still. */
import { resolve } from "node:path";
import type { Page } from "@playwright/test";

/** `path` is relative to ui/. */
export async function picture(page: Page, path: string): Promise<void> {
  await still(page);
  await page.screenshot({ path: resolve(import.meta.dirname, "..", path), animations: "disabled" });
}

/** Everything that was asked for is drawn. */
export async function still(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll("[aria-busy=true]").length === 0);
  // Faces of the graph come by a worker, fonts by themselves: two frames later all of it is there.
  await page.evaluate(
    () => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 250)),
  );
}
