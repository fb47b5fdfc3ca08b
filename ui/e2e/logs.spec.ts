/** Logs: is there an error, where, and what comes now. */
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from "./harness/test";

const CHATTY = `
import logging, sys, time
from potok import dag, task

@task
def count(lines: int) -> None:
    for number in range(lines):
        sys.stdout.write(f"line {number} of a long log, batch {number % 64}, some more words to make it real\\n")
        if number % 20_000 == 777:
            logging.error("checkpoint %d could not be written", number)

@dag
def chatty(lines: int = 100_000) -> None:
    count(lines)

chatty()
`;

test("a failed log opens at its exception, own frames shown, and the error is reached by a key", async ({
  page,
  potok,
  runs,
}) => {
  await open(page, potok, `runs/${runs.failed}/logs?task=load`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(
    "load: ValueError: price -3.0 in row 2 is negative",
  );
  const lines = page.getByRole("region", { name: "Log lines" });
  await expect(lines.getByText("ValueError: price -3.0 in row 2 is negative")).toBeInViewport();
  await expect(lines.getByText('File "price_import.py"').first()).toBeVisible();
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/line=\d+/);
  await expectAccessible(page);
});

test("levels filter, and numbers stay those of the whole log", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.failed}/logs?task=load`);
  await page.getByRole("button", { name: /^Warnings/ }).click();
  await expect(page).toHaveURL(/level=warning/);
  const lines = page.getByRole("region", { name: "Log lines" });
  await expect(lines.getByText("one price looks odd")).toBeVisible();
  await expect(lines.getByText("checking batch 7", { exact: true })).toBeHidden();
  await expect(lines.getByRole("button", { name: "Link to line 41" })).toBeVisible();
});

test("a search counts hits, marks them and walks through them; the address keeps it", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.failed}/logs?task=load`);
  await page.keyboard.press("/");
  await page.keyboard.type("BATCH 1");
  await expect(page.getByRole("search")).toContainText("11 hits");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("search")).toContainText("1 of 11");
  await expect(page.locator("mark").first()).toHaveText("batch 1");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Find in the log" })).toHaveValue("BATCH 1");
  await expect(page.getByRole("search")).toContainText("1 of 11");
});

test("a search by a regular expression says what is wrong with it, then marks what it matches", async ({
  page,
  potok,
  runs,
  complaints,
}) => {
  complaints.allow(/422/);
  await open(page, potok, `runs/${runs.failed}/logs?task=load`);
  await page.getByRole("button", { name: "Regular expression" }).click();
  await expect(page).toHaveURL(/re=1/);
  const field = page.getByRole("textbox", { name: "Find in the log" });
  await field.fill("batch [12");
  await expect(page.getByRole("search")).toContainText("is not a regular expression");
  await field.fill("batch [12]\\d$");
  await expect(page.getByRole("search")).toContainText("20 hits");
  await field.press("Enter");
  await expect(page.locator("mark").first()).toHaveText("batch 10");
});

test("a shared link opens at its line", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.failed}/logs?task=load&line=12`);
  await expect(page.locator('[data-line="12"][data-chosen]')).toBeInViewport();
});

test("what is copied holds the text without numbers and times", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.failed}/logs?task=load&line=5`);
  await expect(page.locator('[data-line="5"]')).toBeVisible();
  const copied = await page.evaluate(() => {
    const first = document.querySelector('[data-line="5"]');
    const last = document.querySelector('[data-line="7"]');
    if (!first || !last) return "";
    getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length);
    return String(getSelection());
  });
  expect(copied.split("\n").map((line) => line.trim())).toEqual([
    "checking batch 4",
    "checking batch 5",
    "checking batch 6",
  ]);
});

test("a live log is followed; scrolling up stops it and counts what comes", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  const run = await potok.trigger("one_watch", { seconds: 15 });
  await potok.reaches(run, "watch", "running");
  await open(page, potok, `runs/${run}/logs?task=watch`);
  const follow = page.getByRole("button", { name: /^Follow/ });
  await expect(follow).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("watch 0 looked 40 times")).toBeInViewport({ timeout: 15_000 });
  await page.getByRole("region", { name: "Log lines" }).hover();
  await page.mouse.wheel(0, -600);
  await expect(follow).toHaveAttribute("aria-pressed", "false");
  await expect(follow).toContainText(/Follow, \d+ new/);
  await page.keyboard.press("f");
  await expect(follow).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText("is writing", { timeout: 20_000 });
  await expect(follow).toBeHidden();
});

test("the whole run interleaves its tasks", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.failed}/logs`);
  const lines = page.getByRole("region", { name: "Log lines" });
  await expect(lines.getByText("load", { exact: true }).first()).toBeVisible();
  await page
    .getByRole("textbox", { name: "Task" })
    .or(page.getByRole("combobox", { name: "Task" }))
    .first()
    .click();
  await page.getByRole("option", { name: "fetch" }).click();
  await expect(page).toHaveURL(/task=fetch/);
  await expect(page.getByText("fetched 3 prices")).toBeVisible();
});

test("a hundred thousand lines: any place at once, and only what is in view is drawn", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  const { writeFileSync } = await import("node:fs");
  writeFileSync(`${potok.folder}/dags/chatty.py`, CHATTY);
  await potok.until("the DAG is there", async () => (await potok.get("dags/chatty").catch(() => null)) !== null);
  const { run_id: run } = await potok.run("chatty");
  await open(page, potok, `runs/${run}/logs?task=count&line=60000`);
  await expect(page.locator('[data-line="60000"]')).toBeInViewport();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("5 errors in 100,005 lines of count");
  const lines = page.getByRole("region", { name: "Log lines" });
  await lines.evaluate((box) => box.scrollTo(0, 0));
  await expect(page.locator('[data-line="1"]')).toBeInViewport();
  await lines.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await expect(page.locator('[data-line="100005"]')).toBeInViewport();
  expect(await page.locator("[data-row]").count()).toBeLessThan(200);
});

test.describe("in Russian, dark, on a phone", () => {
  test.use({ preferences: { language: "ru", theme: "dark" }, viewport: { width: 390, height: 844 } });

  test("the log wraps and nothing scrolls sideways", async ({ page, potok, runs }) => {
    await open(page, potok, `runs/${runs.failed}/logs?task=load`);
    await expect(page.getByRole("button", { name: "К ошибке" })).toBeVisible();
    await expect(page.getByText("ValueError: price -3.0").first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  });
});
