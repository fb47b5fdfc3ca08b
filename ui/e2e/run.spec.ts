import { readFileSync, writeFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, open, type PotokServer, test } from "./harness/test";

const CASES = `
"""A run that wants another param, and one where two tasks fail side by side."""
import time

from potok import dag, task


@task
def read() -> dict[str, int]:
    return {"rows": 7}


@task
def check(rows: dict[str, int], *, days: int) -> int:
    print(f"looking {days} days back")
    if days > 5:
        raise ValueError(f"only 5 days are kept, not {days}")
    return days


@task
def tell(days: int) -> None:
    print(days)


@dag
def wants_fewer_days(days: int = 7) -> None:
    tell(check(read(), days=days))


@task
def part(name: str) -> str:
    raise RuntimeError(f"part {name} is broken")


@task
def join(parts: list[str]) -> None:
    pass


@dag
def two_broken() -> None:
    join([part.override(task_id=f"part_{name}")(name) for name in ("left", "right")])


@task
def long() -> None:
    for number in range(600):
        print(f"step {number}", flush=True)
        time.sleep(0.1)


@dag
def takes_long() -> None:
    long()


wants_fewer_days()
two_broken()
takes_long()
`;

async function withCases(potok: PotokServer): Promise<void> {
  writeFileSync(`${potok.folder}/dags/run_cases.py`, CASES);
  await potok.until("the DAGs are known", async () => {
    await potok.get("dags/takes_long");
    await potok.get("dags/two_broken");
    await potok.get("dags/wants_fewer_days");
    return true;
  });
}

/** The page around it is looked at by every-page.spec.ts. */
async function expectDialogAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include("[role=dialog]").analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`)).toEqual(
    [],
  );
}

const headline = (page: Page) => page.getByRole("heading", { level: 1 });

test("a failed run opens at its exception, says what a retry costs, and a retry makes it green", async ({
  page,
  ownPotok,
}) => {
  const potok = await ownPotok();
  await potok.put("variables/prices_mended", { value: false, secret: false });
  const run = await potok.run("price_import");
  await open(page, potok, `runs/${run.run_id}`);
  await expect(headline(page)).toContainText("load failed on try 1 of 1");
  await expect(headline(page)).toContainText("2 tasks below it did not run");
  await expect(page.getByText("price -3.0 in row 2 is negative").first()).toBeInViewport();
  await expect(page.getByText("checking batch 39")).toBeVisible();
  await expect(page.getByText(/Runs 3 tasks again and keeps 1 result/).first()).toBeVisible();
  await expect(page.getByText("No good run to compare with yet")).toBeVisible();

  await potok.put("variables/prices_mended", { value: true, secret: false });
  await page.getByRole("button", { name: "Retry from load" }).click();
  await expect(headline(page)).toContainText("Succeeded", { timeout: 20_000 });
  await expect(page.getByRole("button", { name: /^Retry/ })).toHaveCount(0);

  // The next failure is compared with it: what was set meanwhile is told.
  await potok.put("variables/prices_mended", { value: false, secret: false });
  const next = await potok.run("price_import");
  await page.goto(`${potok.url}/runs/${next.run_id}`);
  await expect(page.getByText("prices_mended").first()).toBeVisible();
  await expect(page.getByText(/Same error as in 1 of the last 1 run|First seen/).first()).toBeVisible();
  await page.keyboard.press("BracketLeft");
  await expect(headline(page)).toContainText("Succeeded");
});

test("views, the question before a retry and the copied command have keys", async ({ page, context, potok, runs }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page, potok, `runs/${runs.failed}`);
  await expect(page.getByText(/negative/).first()).toBeVisible();
  await page.keyboard.press("Digit2");
  await expect(page).toHaveURL(/view=gantt/);
  await expect(page.getByRole("button", { name: /load/ }).first()).toBeVisible();
  await page.keyboard.press("Digit3");
  await expect(page).toHaveURL(/view=list/);
  await expect(page.getByRole("columnheader", { name: "Usually" })).toBeVisible();
  await page.keyboard.press("Digit1");
  await page.keyboard.press("KeyR");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(/Runs 3 tasks again/)).toBeVisible();
  await expectDialogAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press("KeyC");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`potok retry ${runs.failed} load`);
});

test("a run is retried with another param: only what failed runs again, and the page says who changed what", async ({
  page,
  ownPotok,
}) => {
  const potok = await ownPotok();
  await withCases(potok);
  const run = await potok.run("wants_fewer_days");
  await open(page, potok, `runs/${run.run_id}`);
  await page.getByRole("button", { name: "Retry with edits…" }).click();
  const dialog = page.getByRole("dialog");
  const field = dialog.getByRole("textbox", { name: "days" });
  await field.fill("many");
  await expect(dialog.getByText("a whole number is needed")).toBeVisible();
  await field.fill("3");
  await expect(dialog.getByText("was 7")).toBeVisible();
  await expectDialogAccessible(page);
  await dialog.getByRole("button", { name: "Retry with 1 edit" }).click();
  await expect(headline(page)).toContainText("Succeeded", { timeout: 20_000 });
  await expect(page.getByText("Params edited")).toBeVisible();
  const tasks = await potok.get<{ items: { task_id: string; try_number: number }[] }>(`runs/${run.run_id}/tasks`);
  expect(tasks.items.map((task) => [task.task_id, task.try_number])).toEqual([
    ["read", 1],
    ["check", 2],
    ["tell", 1],
  ]);
});

test("several failures are told together, each with its own log, and are retried at once", async ({
  page,
  ownPotok,
}) => {
  const potok = await ownPotok();
  await withCases(potok);
  const run = await potok.run("two_broken");
  await open(page, potok, `runs/${run.run_id}`);
  await expect(headline(page)).toContainText("2 tasks failed: part_left, part_right");
  await expect(page.getByText("part left is broken").first()).toBeVisible();
  await page.getByRole("group", { name: "Tasks that failed" }).getByRole("button", { name: "part_right" }).click();
  await expect(page).toHaveURL(/task=part_right/);
  await expect(page.getByText("part right is broken").first()).toBeVisible();
  await page.getByRole("button", { name: "Retry all that failed" }).click();
  await expect
    .poll(
      async () =>
        (await potok.get<{ items: { try_number: number }[] }>(`runs/${run.run_id}/tasks`)).items[0]?.try_number,
    )
    .toBe(2);
});

test("a task is marked with a note, and a running run is watched and cancelled", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await withCases(potok);
  const failed = await potok.run("wants_fewer_days");
  await open(page, potok, `runs/${failed.run_id}`);
  await page.getByRole("button", { name: "Mark…" }).first().click();
  const dialog = page.getByRole("dialog");
  const mark = dialog.getByRole("button", { name: "Mark", exact: true });
  await expect(mark).toBeDisabled();
  await dialog.getByRole("textbox", { name: /note/i }).fill("checked by hand");
  await mark.click();
  await expect(dialog).toHaveCount(0);
  await expect(headline(page)).toContainText("1 task did not finish");

  const running = await potok.trigger("takes_long");
  await page.goto(`${potok.url}/runs/${running}`);
  await expect(headline(page)).toContainText("Running for");
  // the newest lines are shown, so single ones come and go
  const newest = page.getByText(/^step \d+$/).last();
  await expect(newest).toBeVisible();
  await expect(newest).not.toHaveText((await newest.textContent()) ?? "", { timeout: 15_000 });
  await page.getByRole("button", { name: "Cancel…" }).first().click();
  await page.getByRole("button", { name: "Cancel the run" }).click();
  await expect(headline(page)).toContainText("Cancelled by", { timeout: 20_000 });
});

test("a run is saved as one page that asks nothing of anybody", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.failed}`);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save run as one HTML file" }).click();
  const html = readFileSync(await (await download).path(), "utf8");
  expect(html).toContain("price -3.0 in row 2 is negative");
  expect(html).toContain("<svg");
  expect(html).not.toMatch(/<script|<link|<img|\ssrc=|url\(/);
});

test.describe("on a phone, in Russian, in the dark", () => {
  test.use({ preferences: { language: "ru", theme: "dark" }, viewport: { width: 390, height: 844 } });

  test("the sentence, the exception and the way on come first", async ({ page, potok, runs }) => {
    await open(page, potok, `runs/${runs.failed}`);
    await expect(headline(page)).toContainText("ошибка на попытке 1 из 1");
    const why = page.getByText(/negative/).first();
    const stream = page.getByText("Где остановился поток");
    await expect(why).toBeVisible();
    const [first, second] = await Promise.all([why.boundingBox(), stream.boundingBox()]);
    expect((first?.y ?? 0) < (second?.y ?? 0)).toBe(true);
    const retry = page.getByRole("button", { name: "Повторить с load" }).last();
    await expect(retry).toBeInViewport();
    expect((await retry.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  });
});
