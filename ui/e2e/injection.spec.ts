import { ADDRESSES } from "./harness/addresses";
import { expect, open, test } from "./harness/test";

test.describe("markup in strings that a user controls", () => {
  for (const name of ["now", "dags", "dag-injected", "run-injected", "logs-injected", "runs"]) {
    test(`is text on ${name}`, async ({ page, potok, runs }) => {
      const address = ADDRESSES.find((one) => one.name === name);
      if (!address) throw new Error(`There is no address ${name}.`);
      await open(page, potok, address.path(runs));
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      await expectHarmless(page);
    });
  }

  test("is text in every tab of the DAG's page", async ({ page, potok, runs }) => {
    void runs;
    await open(page, potok, "dags/injection");
    for (const tab of ["code", "trigger", "schedule", "durations", "calendar", "runs", "backfills"]) {
      await page.goto(`${potok.url}/dags/injection/${tab}`);
      await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      await expectHarmless(page);
    }
  });

  test("is text in the file that a run is shared as", async ({ page, potok, runs, context }) => {
    await open(page, potok, `runs/${runs.injected}`);
    await page.getByRole("button", { name: /more/i }).first().click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: /html/i }).click();
    const path = await (await download).path();
    const offline = await context.newPage();
    const dialogs: string[] = [];
    offline.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await offline.goto(`file://${path}`);
    await expect(offline.getByText("injection").first()).toBeVisible();
    await expectHarmless(offline);
    expect(dialogs).toEqual([]);
  });
});

/** Nothing ran, and nothing waits to be pressed. */
async function expectHarmless(page: import("@playwright/test").Page): Promise<void> {
  const found = await page.evaluate(() => ({
    title: document.title,
    images: document.querySelectorAll('img[src="x"], iframe, object, embed').length,
    links: [...document.querySelectorAll("a[href], form[action]")].filter((one) =>
      /^\s*(javascript|data|vbscript):/i.test(one.getAttribute("href") ?? one.getAttribute("action") ?? ""),
    ).length,
    handlers: [...document.querySelectorAll("*")].filter((one) =>
      one.getAttributeNames().some((name) => name.startsWith("on")),
    ).length,
  }));
  expect(found.title).not.toBe("owned");
  expect({ ...found, title: "" }).toEqual({ title: "", images: 0, links: 0, handlers: 0 });
}
