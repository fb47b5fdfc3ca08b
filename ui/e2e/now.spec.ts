import { expect, expectAccessible, open, test } from "./harness/test";

test("Now says what needs a person, its first error line and the price, and a retry is followed to its end", async ({
  page,
  ownPotok,
}) => {
  const potok = await ownPotok();
  await potok.run("price_import");
  await open(page, potok, "");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/things? needs? you/);
  const row = page.getByRole("listitem").filter({ hasText: "price_import · load" });
  await expect(row).toContainText("Runs 3 tasks again and keeps 1 result");
  await potok.put("variables/prices_mended", { value: true });
  await row.getByRole("button", { name: /retry/i }).click();
  await expect(row).toContainText(/running again|well again/);
  await expect(row).toContainText("well again");
  await expect(row).toHaveCount(0, { timeout: 15_000 });
  await expectAccessible(page);
});

test("a muted thing leaves and comes back with Undo", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await potok.run("price_import");
  await open(page, potok, "");
  const row = page.getByRole("listitem").filter({ hasText: "price_import · load" });
  await row.getByRole("button", { name: /mute/i }).click();
  await page.getByRole("menuitem", { name: "1 hour from now" }).click();
  await expect(row).toContainText("muted");
  await row.getByRole("button", { name: "Undo" }).click();
  await expect(row).toContainText("failed");
});

test("the palette finds a DAG typed in the wrong layout and goes there", async ({ page, potok, runs }) => {
  expect(runs.good).toBeTruthy();
  await open(page, potok, "");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+KeyK");
  await page.getByRole("combobox").fill("щквукы");
  await expect(page.getByRole("option").first()).toContainText("orders_daily");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/dags\/orders_daily$/);
});

test("DAGs: failed first, searched as typed, chosen ones are paused together", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await potok.run("price_import");
  await open(page, potok, "dags");
  const rows = page.getByRole("region", { name: "DAGs", exact: true }).getByRole("listitem");
  await expect(rows.first()).toContainText("price_import");
  await page.getByRole("searchbox").fill("flaky");
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/q=flaky/);
  await page.getByRole("checkbox", { name: "Choose flaky_export" }).click();
  await page.getByRole("button", { name: "Pause 1", exact: true }).click();
  await expect(rows.first()).toContainText("paused");
});
