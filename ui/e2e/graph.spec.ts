import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, open, test } from "./harness/test";

const node = (page: Page, task: string) => page.locator(`[data-frame] [data-key$="${task}"]`).first();

async function placeOf(found: Locator): Promise<{ x: number; y: number }> {
  const box = await found.boundingBox();
  if (!box) throw new Error("It has no place on the page.");
  return box;
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-key") ?? "");

test("arrow keys walk along the edges, and one more Tab leaves the graph", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.good}?view=graph`);
  await expect(node(page, "report")).toBeVisible();
  await node(page, "report").focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => focused(page)).toMatch(/total$/);
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => focused(page)).toMatch(/report$/);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest("[data-frame]") === null)).toBe(true);
});

test("a node that is pressed is the task in the address", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.good}?view=graph`);
  await node(page, "total").click();
  await expect(page).toHaveURL(/task=total/);
  await expect(node(page, "total")).toHaveAttribute("aria-current", "true");
});

test("a failed run shows where the stream broke and the dry bed below", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.failed}?view=graph`);
  await expect(node(page, "load")).toHaveAttribute("data-state", "failed");
  await expect(node(page, "publish")).toHaveAttribute("data-state", "upstream_failed");
  await expect(page.locator('[data-frame] path[data-look="broken"]')).toHaveCount(1);
  await expectAccessible(page);
});

test("what runs side by side folds and opens again without moving away", async ({ page, potok }) => {
  await open(page, potok, "dags/orders_daily");
  const box = page.locator("[data-frame] [data-box]").first();
  await expect(box).toBeVisible();
  const before = await placeOf(box);
  await box.hover({ position: { x: 20, y: 10 } });
  await box.getByRole("button").click();
  const folded = page.locator("[data-frame] [data-fold]").first();
  await expect(folded).toBeVisible();
  const closed = await placeOf(folded);
  expect(Math.abs(closed.x - before.x)).toBeLessThan(2);
  expect(Math.abs(closed.y - before.y)).toBeLessThan(2);
  await folded.click();
  await expect(box).toBeVisible();
  const after = await placeOf(box);
  expect(Math.abs(after.x - closed.x)).toBeLessThan(2);
  expect(Math.abs(after.y - closed.y)).toBeLessThan(2);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("the graph is a list in the order of the stream", async ({ page, potok, runs }) => {
    await open(page, potok, `runs/${runs.failed}?view=graph`);
    const row = (task: string) => page.getByRole("button", { name: new RegExp(`^${task}\\b`) });
    await expect(row("publish")).toBeVisible();
    const [load, publish] = [await placeOf(row("load")), await placeOf(row("publish"))];
    expect(load.y).toBeLessThan(publish.y);
  });
});
