import { writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, open, test } from "./harness/test";

// Servers start twice here, and a busy machine takes its time for it.
test.setTimeout(120_000);

const SERVER_IS_AWAY =
  /ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING)|Failed to fetch/;
const notLive = (page: Page) => page.getByRole("status").filter({ hasText: /not live since/i });

test("a worker is killed while somebody watches: the task runs again and the page ends green", async ({
  page,
  ownPotok,
}) => {
  const potok = await ownPotok();
  const run = await potok.trigger("one_watch", { seconds: 5 });
  await open(page, potok, `runs/${run}`);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toContainText(/running/i);
  await potok.killWorkerOf(run, "watch");
  await expect(heading).toContainText(/succeeded/i, { timeout: 25_000 });
  expect((await potok.ended(run)).state).toBe("success");
});

test("the server is killed while somebody watches: the page says since when, and heals by itself", async ({
  page,
  ownPotok,
  complaints,
}) => {
  complaints.allow(
    /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|Failed to fetch/,
  );
  const potok = await ownPotok();
  const run = await potok.trigger("one_watch", { seconds: 40 });
  await open(page, potok, `runs/${run}`);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toContainText(/running/i);
  const notice = notLive(page);
  await expect(notice).toHaveCount(0);
  await potok.kill();
  await expect(notice).toBeVisible();
  await expect(heading).toContainText(/running/i);
  await potok.up();
  await expect(notice).toHaveCount(0, { timeout: 20_000 });
  await potok.reaches(run, "watch", "running");
  await expect(heading).toContainText(/running/i);
  await potok.post(`runs/${run}/cancel`);
  await expect(heading).toContainText(/cancelled/i, { timeout: 15_000 });
});

test("a part of the page that is asked for while the server is away comes when it is back", async ({
  page,
  ownPotok,
  complaints,
}) => {
  complaints.allow(SERVER_IS_AWAY);
  const potok = await ownPotok();
  const run = await potok.run("branching");
  await open(page, potok, `runs/${run.run_id}`);
  const link = page.getByRole("link", { name: "branching" }).first();
  await expect(link).toBeVisible();
  await potok.kill();
  await expect(notLive(page)).toBeVisible();
  await link.click();
  await potok.up();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("branching", { timeout: 20_000 });
  await expect(page).toHaveURL(/dags\/branching$/);
  await expect(notLive(page)).toHaveCount(0);
});

test("a new DAG file appears in the list while it is looked at", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await open(page, potok, "dags");
  await expect(page.getByText("orders_daily").first()).toBeVisible();
  const text =
    "from potok import dag, task\n\n\n@task\ndef go() -> None:\n    pass\n\n\n@dag\ndef fresh_one() -> None:\n    go()\n\n\nfresh_one()\n";
  writeFileSync(`${potok.folder}/dags/fresh_one.py`, text);
  await expect(page.getByText("fresh_one").first()).toBeVisible({ timeout: 15_000 });
});
