import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, open, PotokServer, test } from "./harness/test";

const repository = resolve(import.meta.dirname, "../..");
const CLICKS_MAX = 3;
const SECONDS_MAX = 10;

test("a new user finds why train_2 failed in the workspace of `make run`, and mends it: 3 clicks, 10 seconds", async ({
  page,
}) => {
  // The first runs of the workspace are real trainings.
  test.setTimeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), "potok-e2e-examples-"));
  cpSync(join(repository, "examples"), folder, { recursive: true, filter: (path) => !path.includes(".potok") });
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("POTOK_")));
  execFileSync(join(repository, ".venv/bin/python"), ["first_runs.py"], { cwd: folder, env, stdio: "ignore" });
  const potok = await PotokServer.start({ workspace: folder });
  try {
    await open(page, potok);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const clicks = await countingClicks(page);
    const started = Date.now();

    await page
      .getByRole("main")
      .getByRole("link", { name: /ml_training/ })
      .first()
      .click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("train_2");
    await expect(page.getByText(/ValueError|InvalidParameterError/).first()).toBeInViewport();
    await expect(page.getByText(/ml_overrides/).first()).toBeVisible();
    const found = (Date.now() - started) / 1000;

    await page
      .getByRole("button", { name: /^Retry from train_2/ })
      .first()
      .click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(/succeeded/i, { timeout: 30_000 });
    const mended = (Date.now() - started) / 1000;

    expect(await clicks()).toBeLessThanOrEqual(CLICKS_MAX);
    expect(found, "seconds until the cause stood there").toBeLessThanOrEqual(SECONDS_MAX);
    test
      .info()
      .annotations.push({ type: "seconds", description: `cause ${found.toFixed(1)}, green ${mended.toFixed(1)}` });
    expect(mended, "seconds until it was green").toBeLessThanOrEqual(SECONDS_MAX);
  } finally {
    await potok.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function countingClicks(page: import("@playwright/test").Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    Object.assign(window, { clicks: 0 });
    addEventListener("click", () => Object.assign(window, { clicks: Reflect.get(window, "clicks") + 1 }), true);
  });
  return () => page.evaluate(() => Number(Reflect.get(window, "clicks")));
}
