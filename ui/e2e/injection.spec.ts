/** Strings that a user controls are text everywhere; the pages that every-page.spec.ts opens are looked at there. */
import { expect, expectHarmless, open, test } from "./harness/test";

test.describe("markup in strings that a user controls", () => {
  test("is text in every tab of the DAG's page", async ({ page, potok, runs }) => {
    void runs;
    await open(page, potok, "dags/injection");
    for (const tab of ["code", "trigger", "schedule", "durations", "calendar", "runs"]) {
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
