/** Thousands of changes a minute while somebody looks, and a browser with many tabs. */
import { type Page, test } from "@playwright/test";
import { frames, fresh, newest, pause, rank, ready, serverMemory, Ticking, tell, url } from "./measure";

const WATCHED_MS = 15_000;
const TABS = 20;
// Two of the four slots are held by the slow crawl: 400 steps take 14 s then, which is 5,100 changes a minute.
const STEP_S = 0.065;

test("5,000 changes a minute", async ({ browser }) => {
  const ticking = new Ticking(STEP_S);
  const context = await fresh(browser);
  const page = await context.newPage();
  await pause(2_000);
  for (const [name, path] of [
    ["Now", ""],
    ["DAGs", "dags"],
    ["Run", `runs/${await newest("ticks")}`],
  ] as const) {
    await page.goto(`${url}/${path}`);
    await ready(page);
    await pause(1_000);
    const found = await frames(page, () => pause(WATCHED_MS));
    tell({
      name: `${name}: frames dropped under changes`,
      unit: "%",
      value: found.dropped,
      goal: 1,
      note: `${found.fps.toFixed(1)} fps, longest frame ${Math.round(found.longest)} ms`,
    });
  }
  tell({ name: "changes told", unit: "a minute", value: ticking.rate, goal: 5000, at_most: false });
  ticking.stop();
  await context.close();
});

test("20 tabs", async ({ browser }) => {
  const paths = [
    "",
    "dags",
    "runs",
    "workers",
    "dags/nightly_dwh",
    "dags/warehouse_rebuild",
    `runs/${await newest("nightly_dwh")}`,
    `runs/${await newest("supplier_crawl", "&state=running")}`,
  ];
  // What each page costs the server once (caches, modules) is not the cost of a tab.
  const before = await fresh(browser);
  const first = await before.newPage();
  for (const path of paths) {
    await first.goto(`${url}/${path}`);
    await ready(first);
  }
  await before.close();
  await pause(3_000);
  const alone = serverMemory();
  const context = await fresh(browser);
  const tabs: Page[] = [];
  for (let number = 0; number < TABS; number += 1) {
    const tab = await context.newPage();
    await tab.goto(`${url}/${paths[number % paths.length]}`);
    await ready(tab);
    tabs.push(tab);
  }
  const ticking = new Ticking(STEP_S);
  await pause(5_000);
  tell({
    name: `${TABS} tabs: memory of the server`,
    unit: "MB",
    value: serverMemory() - alone,
    goal: 20,
    note: `PSS over ${Math.round(alone)} MB with none, under ${Math.round(ticking.rate)} changes a minute`,
  });
  const answers: number[] = [];
  for (let round = 0; round < 3; round += 1)
    for (const tab of tabs) {
      const asked = performance.now();
      await tab.evaluate(() => document.title);
      answers.push(performance.now() - asked);
    }
  tell({
    name: `${TABS} tabs: longest wait for a tab`,
    unit: "ms",
    value: Math.max(...answers),
    goal: 500,
    note: `median ${rank(answers, 0.5).toFixed(1)} ms, under changes`,
  });
  ticking.stop();
  await context.close();
});
