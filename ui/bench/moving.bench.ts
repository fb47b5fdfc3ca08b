/** A year's grid that is scrolled and a graph of 2,000 tasks that is opened and panned. */
import { expect, type Locator, type Page, test } from "@playwright/test";
import { type Frames, frames, fresh, longestTask, longLog, median, newest, pause, ready, tell, url } from "./measure";

const SCROLL_MS = 4_000;

test("grid of 365 runs × 50 tasks", async ({ browser }) => {
  const context = await fresh(browser);
  const page = await context.newPage();
  const started = Date.now();
  await page.goto(`${url}/dags/nightly_dwh/runs`);
  await ready(page);
  const grid = page.getByRole("grid").or(page.locator("[data-grid]")).or(page.locator("main canvas")).first();
  await grid.waitFor();
  tell({ name: "year grid: opened", unit: "ms", value: Date.now() - started, note: "365 runs × 50 tasks" });
  await page
    .getByRole("radio", { name: /year/i })
    .or(page.getByRole("button", { name: /year/i }))
    .first()
    .click()
    .catch(() => undefined);
  await ready(page);
  const down = await frames(page, () => wheel(page, grid, 0, 40));
  const aside = await frames(page, () => wheel(page, grid, 40, 0));
  tell({
    name: "year grid: scrolled",
    unit: "fps",
    value: Math.min(down.fps, aside.fps),
    goal: 50,
    at_most: false,
    note: `down ${down.fps.toFixed(1)}, aside ${aside.fps.toFixed(1)}; longest frame ${Math.round(Math.max(down.longest, aside.longest))} ms`,
  });
  await context.close();
});

test("log of a million lines", async ({ browser }) => {
  const { run, task, lines } = await longLog();
  const context = await fresh(browser);
  const page = await context.newPage();
  await page.goto(`${url}/runs/${run}/logs?task=${task}`);
  const list = page.locator("section[data-wrap]");
  await list.locator("[data-line]").first().waitFor();
  tell({
    name: "long log: readable",
    unit: "ms",
    value: await page.evaluate(() => performance.now()),
    note: `${lines} lines`,
  });
  await ready(page);
  let scrolled: Frames = { fps: 0, longest: 0, dropped: 0 };
  const longest = await longestTask(page, async () => {
    scrolled = await frames(page, () => wheel(page, list, 0, 400));
  });
  tell({
    name: "long log: scrolled",
    unit: "fps",
    value: scrolled.fps,
    goal: 50,
    at_most: false,
    note: `400 px a step; longest frame ${Math.round(scrolled.longest)} ms, longest task ${Math.round(longest)} ms`,
  });
  const leaps: number[] = [];
  for (const share of [0.9, 0.2, 0.6, 0.05, 0.5]) leaps.push(await leapt(list, share));
  tell({
    name: "long log: far away",
    unit: "ms",
    value: Math.max(...leaps),
    goal: 300,
    note: `from a leap of the scroll bar until the lines stand there, the longest of ${leaps.length}`,
  });
  await context.close();
});

async function leapt(list: Locator, share: number): Promise<number> {
  return list.evaluate(async (box, to) => {
    const started = performance.now();
    box.scrollTop = (box.scrollHeight - box.clientHeight) * to;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    const isThere = () => {
      const { top, bottom } = box.getBoundingClientRect();
      return [...box.querySelectorAll("[data-line]")].some((row) => {
        const place = row.getBoundingClientRect();
        return place.top < (top + bottom) / 2 && place.bottom >= (top + bottom) / 2;
      });
    };
    while (!isThere()) await frame();
    return performance.now() - started;
  }, share);
}

for (const { name, path } of [
  { name: "DAG", path: async () => "dags/warehouse_rebuild" },
  { name: "run", path: async () => `runs/${await newest("warehouse_rebuild")}?view=graph` },
]) {
  test(`graph of 2,000 tasks of a ${name}`, async ({ browser }) => {
    const times: number[] = [];
    const longTasks: number[] = [];
    for (let load = 0; load < 3; load += 1) {
      const context = await fresh(browser);
      const page = await context.newPage();
      await page.addInitScript(() => {
        const long: number[] = [];
        window.benchLong = long;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) long.push(entry.duration);
        }).observe({ type: "longtask", buffered: true });
      });
      await page.goto(`${url}/${await path()}`);
      const node = page.locator("main [data-key]").first();
      await node.waitFor({ timeout: 30_000 });
      times.push(await page.evaluate(() => performance.now()));
      await ready(page);
      longTasks.push(...(await page.evaluate(() => window.benchLong.concat(0))));
      if (load === 2) await panned(page, node, name);
      await context.close();
    }
    tell({
      name: `graph of a ${name}: readable`,
      unit: "ms",
      value: median(times),
      goal: 1500,
      note: "2,000 tasks, from the first byte asked for until nodes stand there; median of 3 first visits",
    });
    tell({
      name: `graph of a ${name}: longest blocking`,
      unit: "ms",
      value: Math.max(...longTasks),
      goal: 200,
      note: "the longest task of the page's own thread while it opened",
    });
  });
}

/** Everything unfolded as far as it goes, then dragged about. */
async function panned(page: Page, node: Locator, name: string): Promise<void> {
  const unfold = page.getByRole("button", { name: /unfold all/i });
  if (await unfold.count()) {
    const started = Date.now();
    await unfold.first().click();
    await expect(unfold).toHaveCount(0, { timeout: 20_000 });
    tell({ name: `graph of a ${name}: unfolded`, unit: "ms", value: Date.now() - started, note: "all 2,000 tasks" });
    const zoom = page.getByRole("button", { name: /zoom in|larger|closer/i }).first();
    for (let step = 0; step < 12 && (await page.locator("main [data-key]").count()) === 0; step += 1) {
      await zoom.click();
      await pause(60);
    }
  }
  await node.waitFor();
  const frame = page
    .getByRole("group")
    .filter({ has: page.locator("[data-key]") })
    .first();
  const box = await frame.boundingBox();
  if (!box) throw new Error("The graph has no place on the page.");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const seen: number[] = [];
  const found = await frames(page, async () => {
    const giveUp = Date.now() + SCROLL_MS;
    for (let turn = 0; Date.now() < giveUp; turn += 1) {
      const back = turn % 2 === 1;
      await page.mouse.move(x + (back ? -300 : 300), y);
      await page.mouse.down();
      for (let step = 0; step <= 20; step += 1)
        await page.mouse.move(x + (back ? 1 : -1) * (step * 30 - 300), y + step * (back ? -4 : 4));
      await page.mouse.up();
      seen.push(await frame.locator("[data-key]").count());
    }
  });
  tell({
    name: `graph of a ${name}: panned`,
    unit: "fps",
    value: found.fps,
    goal: 50,
    at_most: false,
    note: `longest frame ${Math.round(found.longest)} ms`,
  });
  tell({
    name: `graph of a ${name}: nodes drawn`,
    unit: "nodes",
    value: Math.max(...seen),
    goal: 200,
    note: "the most",
  });
}

async function wheel(page: Page, over: Locator, x: number, y: number): Promise<void> {
  await over.hover({ position: { x: 200, y: 60 } });
  const turn = Date.now() + SCROLL_MS / 2;
  const giveUp = Date.now() + SCROLL_MS;
  while (Date.now() < giveUp) {
    const way = Date.now() < turn ? 1 : -1;
    await page.mouse.wheel(x * way, y * way);
    await pause(8);
  }
}
