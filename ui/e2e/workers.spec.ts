/** Workers, queues and pools: what is full or unserved first, and who holds what. */
import { expect, expectAccessible, open, test } from "./harness/test";

test("a full pool leads the page, its slots name their holders, and its size can be changed", async ({
  page,
  ownPotok,
}) => {
  const potok = await ownPotok();
  const run = await potok.trigger("slow_watch", { seconds: 30 });
  await potok.reaches(run, "watch_1", "running");
  await open(page, potok, "workers?tab=pools");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Pool narrow is full: 2 tasks wait");
  const card = page.getByRole("region", { name: "narrow" });
  await card.getByRole("link", { name: "watch_1 of slow_watch" }).hover();
  await expect(page.getByRole("tooltip")).toContainText("watch_1 of slow_watch");
  await expectAccessible(page);
  await card.getByRole("button", { name: "Change slots" }).click();
  await card.getByLabel("Slots of pool narrow").fill("3");
  await expect(card.getByText("Starts 2 tasks at once")).toBeVisible();
  await card.getByRole("button", { name: "Change", exact: true }).click();
  await expect(card.getByText("3/3")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/3 of 4 slots in use/);
});

test("workers tell what they run, live", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await open(page, potok, "workers");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("0 of 4 slots in use, nothing waits");
  const run = await potok.trigger("slow_watch", { seconds: 3 });
  await potok.reaches(run, "watch_1", "running");
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "watch_1" }) });
  await expect(row).toContainText("MB");
  await row.getByRole("link", { name: "watch_1" }).click();
  await expect(page).toHaveURL(/\/runs\/.*task=watch_1/);
});

test("queues tell who serves them", async ({ page, potok }) => {
  await open(page, potok, "workers?tab=queues");
  await expect(page.getByRole("row").filter({ hasText: "default" })).toContainText("4");
  await expectAccessible(page);
});
