/** How much comes, how soon something is to be seen, and how fast one page follows another. */
import { type Page, test } from "@playwright/test";
import { fresh, median, newest, pause, ready, tell, url } from "./measure";

const LOADS = 5;

async function pages(): Promise<{ name: string; path: string }[]> {
  return [
    { name: "Now", path: "" },
    { name: "Run", path: `runs/${await newest("nightly_dwh", "&state=failed")}` },
    { name: "DAGs", path: "dags" },
    { name: "DAG", path: "dags/nightly_dwh" },
  ];
}

test("scripts and largest paint", async ({ browser }) => {
  for (const { name, path } of await pages()) {
    const scripts: number[] = [];
    const paints: number[] = [];
    for (let load = 0; load < LOADS; load += 1) {
      const context = await fresh(browser);
      const page = await context.newPage();
      scripts.push(await loaded(page, path));
      paints.push(await largestPaint(page));
      await context.close();
    }
    tell({
      name: `${name}: scripts of a first visit, gzipped`,
      unit: "KB",
      value: median(scripts) / 1024,
      ...(name === "Now" || name === "Run" ? { goal: 300 } : {}),
      note: "bytes on the wire of all scripts and workers, with an empty cache, until nothing is fetched any more",
    });
    tell({
      name: `${name}: largest paint`,
      unit: "ms",
      value: median(paints),
      goal: 1000,
      note: `median of ${LOADS} first visits, longest ${Math.round(Math.max(...paints))} ms`,
    });
  }
});

/** Opens the page; bytes of scripts on the wire. */
async function loaded(page: Page, path: string): Promise<number> {
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const isScript = new Map<string, boolean>();
  session.on("Network.responseReceived", (event) => {
    isScript.set(event.requestId, event.type === "Script" || event.response.mimeType === "text/javascript");
  });
  session.on("Network.loadingFinished", (event) => {
    if (isScript.get(event.requestId)) bytes += event.encodedDataLength;
  });
  await page.goto(`${url}/${path}`);
  await ready(page);
  // The live stream never ends, so there is no idle network to wait for.
  await pause(1_500);
  return bytes + (await workerBytes(page));
}

/** A worker's script is fetched out of the page's sight. */
async function workerBytes(page: Page): Promise<number> {
  const named = await page.evaluate(async () => {
    const found = new Set<string>();
    for (const entry of performance.getEntriesByType("resource")) {
      if (!entry.name.endsWith(".js")) continue;
      const text = await (await fetch(entry.name)).text();
      for (const worker of text.matchAll(/assets\/[\w.-]*worker[\w.-]*\.js|[\w.-]*worker[\w-]*\.js/g)) {
        found.add(new URL(worker[0].replace(/^assets\//, ""), entry.name).href);
      }
    }
    return [...found];
  });
  let bytes = 0;
  for (const address of named) {
    const answer = await page.context().request.get(address);
    if (answer.ok()) bytes += Number(answer.headers()["content-length"] ?? 0);
  }
  return bytes;
}

function largestPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        new PerformanceObserver((list) => done(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          type: "largest-contentful-paint",
          buffered: true,
        });
        setTimeout(() => done(Number.NaN), 3000);
      }),
  );
}

test("route changes", async ({ browser }) => {
  const context = await fresh(browser);
  const page = await context.newPage();
  await page.goto(url);
  await ready(page);
  const bar = (name: string) => page.getByRole("link", { name, exact: false }).first();
  const steps: { name: string; press: () => Promise<void>; reached: RegExp }[] = [
    { name: "Now → DAGs", press: () => press(page, 'header a[href$="dags"]'), reached: /\/dags$/ },
    { name: "DAGs → DAG", press: () => press(page, 'main a[href*="dags/"]'), reached: /\/dags\/[^/]+/ },
    { name: "DAG → Runs", press: () => press(page, 'header a[href$="runs"]'), reached: /\/runs$/ },
    { name: "Runs → Run", press: () => press(page, 'main a[href*="runs/"]'), reached: /\/runs\/[^/]+/ },
    { name: "Run → Now", press: () => press(page, 'header a[href$="/"], header a[href="./"]'), reached: /:\d+\/$/ },
  ];
  await bar("DAGs").waitFor();
  const all: number[] = [];
  const told: string[] = [];
  for (const step of steps) {
    const times: number[] = [];
    // The first round fetches the chunks, as a first visit does; hovering has fetched them before the press.
    for (let round = 0; round < 3; round += 1) times.push(await changed(page, step.press, step.reached));
    all.push(...times);
    told.push(`${step.name} ${times.map((time) => Math.round(time)).join("/")}`);
  }
  tell({
    name: "route change",
    unit: "ms",
    value: median(all),
    goal: 200,
    note: `median, longest ${Math.round(Math.max(...all))} ms: from the press to the drawn page; ${told.join(", ")}`,
  });
  await context.close();
});

async function press(page: Page, selector: string): Promise<void> {
  const link = page.locator(selector).first();
  await link.hover();
  await page.waitForTimeout(150);
  await link.click();
}

/** ms from the press of the mouse until the new page is drawn with its data; then goes back. */
async function changed(page: Page, act: () => Promise<void>, reached: RegExp): Promise<number> {
  const from = page.url();
  await page.evaluate((pattern) => {
    const kept = { pressed: 0, drawn: 0 };
    const before = location.href;
    window.benchRoute = kept;
    addEventListener(
      "click",
      (event) => {
        kept.pressed = event.timeStamp;
        const heading = document.querySelector("h1");
        const look = () => {
          const there = document.querySelector("h1");
          const isNew = there !== null && (there !== heading || location.href !== before);
          const isReached = new RegExp(pattern).test(location.pathname === "/" ? location.href : location.pathname);
          if (isReached && isNew && !document.querySelector("[aria-busy=true]")) {
            requestAnimationFrame(() => {
              kept.drawn = performance.now();
            });
            return;
          }
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  }, reached.source);
  await act();
  await page.waitForFunction(() => window.benchRoute.drawn > 0, undefined, { timeout: 10_000 });
  const took = await page.evaluate(() => {
    const { pressed, drawn } = window.benchRoute;
    return drawn - pressed;
  });
  await page.goBack();
  await page.waitForURL(from);
  await ready(page);
  return took;
}
