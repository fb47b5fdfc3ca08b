/** What runs made: files that people open, hostile ones too, and numbers over the runs. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from "./harness/test";

const own = { workspace: "files" };

test.describe("files of a run", () => {
  test("open in a tab of their own, in which a hostile page is a stranger", async ({ page, ownPotok, context }) => {
    const server = await ownPotok(own);
    const run = await server.run("site");
    await open(page, server, `runs/${encodeURIComponent(run.run_id)}`);
    const tab = await opened(context, page, "Site of a stranger");
    await expect(tab.getByText("end: reached")).toBeVisible();
    const told = Object.fromEntries(
      (await tab.locator("li").allTextContents()).map((line) => line.split(": ") as [string, string]),
    );
    expect(told).toEqual({
      image: "refused",
      cookie: "refused",
      storage: "refused",
      runs: "refused",
      trigger: "refused",
      elsewhere: "refused",
      "own file": "42",
      "own script": "runs",
      origin: "null",
      opener: "null",
      end: "reached",
    });
  });

  test("without an index are a list from which they are saved", async ({ page, ownPotok, context }) => {
    const server = await ownPotok(own);
    const run = await server.run("site");
    await open(page, server, `runs/${encodeURIComponent(run.run_id)}`);
    const tab = await opened(context, page, "<b>Data</b>");
    await expect(tab.getByRole("link")).toHaveText(["deeper/", "rows.csv", "таблица.parquet"]);
    const download = tab.waitForEvent("download");
    await tab.getByRole("link", { name: "таблица.parquet" }).click();
    expect((await download).suggestedFilename()).toBe("таблица.parquet");
    await tab.getByRole("link", { name: "deeper/" }).click();
    await expect(tab.getByText("This folder is empty.")).toBeVisible();
    await tab.getByRole("link", { name: "up" }).click();
    await tab.getByRole("link", { name: "rows.csv" }).click();
    await expect(tab.getByText("a;b")).toBeVisible();
  });

  test("that are gone say so, behind a prefix too", async ({ page, ownPotok }) => {
    const server = await ownPotok({ ...own, prefix: "/potok" });
    const run = await server.run("site");
    rmSync(join(server.folder, "out"), { recursive: true });
    await open(page, server, `runs/${encodeURIComponent(run.run_id)}`);
    await expect(page.getByText(/hostile-2 is gone since the task ended/)).toBeVisible();
    await expect(page.getByRole("link", { name: /Site of a stranger/ })).toHaveCount(0);
  });
});

for (const look of [
  { language: "en", theme: "light", width: 1440 },
  { language: "ru", theme: "dark", width: 390 },
] as const) {
  test.describe(`${look.language}, ${look.theme}, ${look.width} px`, () => {
    test.use({
      preferences: { language: look.language, theme: look.theme },
      viewport: { width: look.width, height: 900 },
    });

    test("numbers of results are lines that keys walk, and a table", async ({ page, ownPotok }) => {
      const server = await ownPotok(own);
      for (const pages of [2, 5, 4]) await server.run("site", { pages });
      const newest = (await server.get<{ items: { run_id: string }[] }>("runs?limit=1")).items[0]?.run_id ?? "";
      await open(page, server, "dags/site/durations");
      const line = page.getByRole("application", { name: /^build, pages: 4;/ });
      await expect(line).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await line.focus();
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(new RegExp(`/runs/${encodeURIComponent(newest).replace(/[.+*?]/g, "\\$&")}`));
      await expect(page.getByText("Site of a stranger")).toBeVisible();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.goto(`${server.url}/dags/site/durations?numbers=table`);
      await expect(page.getByRole("row", { name: /words/ })).toContainText("−100");
      await expectAccessible(page);
    });
  });
}

async function opened(context: BrowserContext, page: Page, title: string): Promise<Page> {
  const tab = context.waitForEvent("page");
  await page.getByRole("link", { name: new RegExp(title) }).click();
  return tab;
}
