import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, open, test } from "./harness/test";

test("a DAG says how it does, what comes next, and what decides its length", async ({ page, potok, runs }) => {
  void runs;
  await open(page, potok, "dags/orders_daily");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/orders_daily\s+succeeded/);
  await expect(page.getByText("Whole run")).toBeVisible();
  await expect(page.getByText("Next run", { exact: false }).first()).toBeVisible();
  const tabs = page.getByRole("navigation", { name: "About this DAG" });
  await expect(tabs.locator("[aria-current=page]")).toHaveText(["Overview"]);
  await tabs.getByRole("link", { name: "Schedule" }).click();
  await expect(page).toHaveURL(/orders_daily\/schedule$/);
  await expect(tabs.locator("[aria-current=page]")).toHaveText(["Schedule"]);
  await expect(page.getByText("Nothing was missed.")).toBeVisible();
});

test("the cell of a failed task tells its error and opens the run at that task", async ({ page, potok, runs }) => {
  await open(page, potok, "dags/price_import/runs");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("failed");
  const cells = page.getByRole("application", { name: /Arrow keys walk the cells/ });
  await cells.focus();
  await page.keyboard.press("ArrowLeft");
  const card = cells.getByRole("status");
  for (let step = 0; step < 12; step += 1) {
    if ((await card.textContent())?.includes("load failed")) break;
    await page.keyboard.press("ArrowDown");
  }
  await expect(card).toContainText("load failed");
  await expect(card).toContainText("ValueError");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/runs\/.+task=load/);
  void runs;
});

test("a run is started with params that are checked where they stand", async ({ page, potok }) => {
  await open(page, potok, "dags/orders_daily/trigger");
  await page.getByLabel("limit").fill("many");
  await expect(page.getByText("This is not a number")).toBeVisible();
  await page.getByLabel("limit").fill("7");
  await expect(page.getByRole("region", { name: "Command line" })).toContainText(
    "potok trigger orders_daily --param limit=7",
  );
  await page.getByLabel("audience").first().click();
  await page.getByRole("option", { name: "managers" }).click();
  await expect(page.getByRole("region", { name: "Command line" })).toContainText("audience=managers");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page).toHaveURL(/\/runs\/orders_daily/);
});

test("a DAG is paused with a reason and resumed by key", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await open(page, potok, "dags/orders_daily");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("never ran");
  await page.keyboard.press("p");
  await page.getByLabel("Why").fill("holidays");
  await page.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText(/Paused by .+: holidays/)).toBeVisible();
  await page.keyboard.press("p");
  await expect(page.getByText("Next run", { exact: false }).first()).toBeVisible();
});

test("two versions of the code are read and compared", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await open(page, potok, "dags/orders_daily/code");
  await expect(page.getByRole("region", { name: "orders_daily.py" })).toContainText("def orders_daily");
  appendFileSync(join(potok.folder, "dags", "orders_daily.py"), "\n# a second version\n");
  await expect(page.getByRole("button", { name: "Changes" })).toBeVisible();
  await page.getByRole("button", { name: "Changes" }).click();
  const changes = page.getByRole("region", { name: "orders_daily.py" });
  await expect(changes).toContainText("# a second version");
  await expect(changes).toContainText("lines are the same");
});
