/** Why does it wait: the one condition, who holds it, and a way out. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, expectNoSidewaysScroll, open, test } from "./harness/test";

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" ")}`)).toEqual(
    [],
  );
}

test("a queued task names its full pool and holder; a larger pool lets it start at once", async ({
  page,
  ownPotok,
}) => {
  const potok = await ownPotok();
  const run = await potok.trigger("slow_watch", { seconds: 30 });
  await potok.reaches(run, "watch_1", "running");
  await open(page, potok, `runs/${run}?why=watch_2`);
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("heading", { level: 2 })).toContainText("Waits for a slot of pool narrow: 1/1");
  await expect(drawer.getByRole("link", { name: "watch_1" })).toBeVisible();
  await drawer.getByText(/conditions are met/).click();
  await expect(drawer.getByText("Its run has begun")).toBeVisible();
  await expectAccessible(page);
  await expect(drawer.getByText("Starts 1 task at once")).toBeVisible();
  await drawer.getByRole("button", { name: "Change" }).click();
  await expect(drawer.getByRole("heading", { level: 2 })).toContainText(/runs for/i);
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(page).not.toHaveURL(/why=/);
});

test("a task below waits for those above it, each with its state", async ({ page, potok }) => {
  const run = await potok.trigger("slow_watch", { seconds: 4 });
  await potok.reaches(run, "watch_1", "running");
  await open(page, potok, `runs/${run}?why=sum_up`);
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("heading", { level: 2 })).toContainText("Waits for 3 tasks above");
  await expect(drawer.getByRole("link", { name: "watch_3" })).toBeVisible();
  await expect(drawer.getByText("0/3")).toBeVisible();
});

test("W asks why without a task that was chosen", async ({ page, potok }) => {
  const run = await potok.trigger("slow_watch", { seconds: 2 });
  await open(page, potok, `runs/${run}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/running|waits|queued/i);
  await expect(page.getByText("queued", { exact: true }).first()).toBeVisible();
  await page.keyboard.press("w");
  await expect(page).toHaveURL(/why=\w+/);
  await expect(page.getByRole("dialog").getByRole("heading", { level: 2 })).not.toBeEmpty();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test.describe("in Russian, dark, on a phone", () => {
  test.use({ preferences: { language: "ru", theme: "dark" }, viewport: { width: 390, height: 844 } });

  test("the drawer fills the screen", async ({ page, potok }) => {
    const run = await potok.trigger("slow_watch", { seconds: 4 });
    await potok.reaches(run, "watch_1", "running");
    await open(page, potok, `runs/${run}?why=watch_3`);
    await expect(page.getByRole("dialog")).toContainText("Ждёт места в пуле");
    expect((await page.getByRole("dialog").boundingBox())?.width).toBe(390);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
