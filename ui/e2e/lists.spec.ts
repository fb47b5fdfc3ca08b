/** Lists in their other states: loading, failed and asked again, empty, ten thousand rows. Long names: every-page.spec.ts. */
import type { Page } from "@playwright/test";
import type { SeededRuns } from "./harness/test";
import { expect, expectAccessible, expectNoSidewaysScroll, open, test } from "./harness/test";

interface List {
  name: string;
  path(runs: SeededRuns): string;
  /** The question of the API that fills it. */
  asks: RegExp;
  /** What stands there when it has come. */
  row(page: Page): ReturnType<Page["locator"]>;
}

const LISTS: readonly List[] = [
  {
    name: "what needs a person",
    path: () => "",
    asks: /\/now\?(?!limit=1$)/,
    row: (page) => item(page, "price_import · load"),
  },
  { name: "DAGs", path: () => "dags", asks: /\/dags\?/, row: (page) => item(page, "orders_daily") },
  { name: "runs", path: () => "runs", asks: /\/runs\?/, row: (page) => item(page, "orders_daily") },
  {
    name: "tasks of a run",
    path: (runs) => `runs/${runs.good}?view=list`,
    asks: /\/story/,
    row: (page) => page.getByRole("row", { name: /report/ }),
  },
  {
    name: "runs of a DAG",
    path: () => "dags/orders_daily/runs",
    asks: /\/grid\?/,
    row: (page) => page.getByRole("application", { name: /Arrow keys walk the cells/ }),
  },
  {
    name: "lines of a log",
    path: (runs) => `runs/${runs.failed}/logs?task=load`,
    asks: /\/logs\/window\?/,
    row: (page) => page.locator("[data-line]"),
  },
  {
    name: "workers",
    path: () => "workers",
    asks: /\/occupancy/,
    row: (page) => page.getByRole("row", { name: /pid \d+/ }),
  },
];

const item = (page: Page, text: string) => page.getByRole("main").getByRole("listitem").filter({ hasText: text });

for (const list of LISTS)
  test(`${list.name}: a slow answer is waited for, a failed one can be asked for again`, async ({
    page,
    potok,
    runs,
    complaints,
  }) => {
    complaints.allow(/503/);
    const asked = (url: URL) => url.pathname.startsWith("/api/") && list.asks.test(url.pathname + url.search);
    let seen = () => {};
    const isSeen = new Promise<void>((done) => {
      seen = done;
    });
    await page.route(asked, async (route) => {
      await isSeen;
      await route.fulfill({
        status: 503,
        contentType: "application/problem+json",
        json: {
          type: "about:blank",
          title: "unavailable",
          status: 503,
          detail: "the database is being moved",
          field: "",
        },
      });
    });
    await open(page, potok, list.path(runs), { isReady: false });
    await expect(page.locator("[aria-busy=true]").first()).toBeVisible();
    seen();
    const failure = page.getByRole("alert").filter({ hasText: "the database is being moved" }).first();
    await expect(failure).toBeVisible();
    await page.unroute(asked);
    await failure.getByRole("button", { name: "Try again" }).click();
    await expect(list.row(page).first()).toBeVisible();
    await expect(failure).toHaveCount(0);
  });

test("an empty workspace says what to do, on every list", async ({ page, ownPotok }) => {
  const potok = await ownPotok({ workspace: "empty" });
  for (const [path, words] of [
    ["", "No DAGs yet"],
    ["dags", "No DAGs yet. Put a .py, .yaml or crontab file into the DAG folder"],
    ["runs", "No DAG has run yet"],
    ["workers?tab=pools", "No pools. Declare them under [pools] in potok.toml"],
  ] as const) {
    await open(page, potok, path);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
});

test("a task that said nothing has an empty log, and says so", async ({ page, potok, runs }) => {
  await open(page, potok, `runs/${runs.good}/logs?task=report`);
  await expect(page.getByText("This try wrote nothing.")).toBeVisible();
});

test("ten thousand DAGs, runs and tasks: any place at once, and only what is in view is drawn", async ({
  page,
  ownPotok,
}) => {
  test.slow();
  const potok = await ownPotok({ workspace: "crowd" });
  await potok.until(
    "all DAGs are known",
    async () => !!(await potok.get("dags/crowd_09999")) && !!(await potok.get("dags/wide")),
  );
  const wide = await potok.run("wide");

  await open(page, potok, "dags");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("10,002 DAGs");
  await expectFew(page, page.getByRole("main").getByRole("listitem"));
  await page.getByRole("searchbox").fill("crowd_09999");
  await expect(item(page, "crowd_09999")).toHaveCount(1);

  await open(page, potok, "runs");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/more than 10,000 runs/i, { timeout: 30_000 });
  await expectFew(page, page.getByRole("main").getByRole("listitem"));

  await open(page, potok, `runs/${wide.run_id}?view=list`);
  await expect(page.getByText("showing 10,000 of 10,000")).toBeVisible();
  const tasks = page.getByRole("region", { name: "Tasks of the run" });
  await tasks.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await expect(page.getByRole("row", { name: /part_09999/ })).toBeVisible();
  await expectFew(page, page.getByRole("row"));
});

test("a table that leaves workers out says so", async ({ page, potok, runs }) => {
  void runs;
  // So many real workers would need a machine of their own: one of the answer stands for all.
  await page.route("**/api/v1/occupancy", async (route) => {
    const answer = await route.fetch();
    const found = (await answer.json()) as { workers: { worker_id: string }[] };
    const [worker] = found.workers;
    const workers = Array.from({ length: 501 }, (_, at) => ({ ...worker, worker_id: `process-${at}` }));
    await route.fulfill({ response: answer, json: { ...found, workers } });
  });
  await open(page, potok, "workers");
  await expect(page.getByText("500 of 501 workers are listed: those that work first.")).toBeVisible();
  await expect(page.getByRole("row", { name: /pid/ })).toHaveCount(500);
});

async function expectFew(page: Page, rows: ReturnType<Page["locator"]>): Promise<void> {
  await expect(rows.first()).toBeVisible();
  await page.mouse.wheel(0, 200_000);
  await expect(rows.last()).toBeVisible();
  expect(await rows.count()).toBeLessThan(200);
  await page.mouse.wheel(0, -200_000);
}
