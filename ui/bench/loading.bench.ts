/** How much comes, how soon something is to be seen, and how fast one page follows another. */
import { type Browser, type Page, test } from "@playwright/test";
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
      scripts.push(await loaded(browser, page, path));
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
async function loaded(browser: Browser, page: Page, path: string): Promise<number> {
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
  return bytes + (await workerBytes(browser, page));
}

/** A worker's script is fetched out of the page's sight: those that run are asked for by their address. */
async function workerBytes(browser: Browser, page: Page): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send("Target.getTargets");
  await session.detach();
  let bytes = 0;
  for (const { type, url: address } of targetInfos) {
    if (type !== "shared_worker" && type !== "worker") continue;
    const answer = await page.context().request.get(address);
    bytes += Number(answer.headers()["content-length"] ?? 0);
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
  const run = await newest("nightly_dwh", "&state=failed");
  const steps: { name: string; from: string; link: string; reached: RegExp }[] = [
    { name: "Now → DAGs", from: "", link: 'header nav a[href$="/dags"]', reached: /\/dags$/ },
    { name: "DAGs → DAG", from: "dags", link: 'main li a[href*="/dags/"]', reached: /\/dags\/[^/]+$/ },
    { name: "DAG → Runs", from: "dags/nightly_dwh", link: 'header nav a[href$="/runs"]', reached: /\/runs$/ },
    { name: "Runs → Run", from: "runs", link: 'main a[href*="/runs/"]', reached: /\/runs\/[^/]+$/ },
    { name: "Run → Now", from: `runs/${run}`, link: 'header nav a[href="/"]', reached: /^\/$/ },
  ];
  const all: number[] = [];
  const told: string[] = [];
  for (const { name, from, link, reached } of steps) {
    const times: number[] = [];
    await page.goto(`${url}/${from}`);
    // The first round fetches the chunks, as a first visit does; hovering has fetched them before the press.
    for (let round = 0; round < 3; round += 1) {
      await ready(page);
      await pause(500);
      times.push(await changed(page, link, reached));
      await page.goBack();
    }
    all.push(...times);
    told.push(`${name} ${times.map((time) => Math.round(time)).join("/")}`);
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

/** ms from the press on `link` until the page behind it is drawn: its own heading, and nothing awaited any more. */
async function changed(page: Page, link: string, reached: RegExp): Promise<number> {
  await page.evaluate((pattern) => {
    const kept = { pressed: 0, drawn: 0 };
    window.benchRoute = kept;
    const heading = document.querySelector("h1");
    const isThere = () => {
      const found = document.querySelector("h1");
      const isNew = found !== null && found !== heading;
      return isNew && new RegExp(pattern).test(location.pathname) && !document.querySelector("[aria-busy=true]");
    };
    const look = () => {
      if (isThere()) requestAnimationFrame(() => setTimeout(() => Object.assign(kept, { drawn: performance.now() })));
      else requestAnimationFrame(look);
    };
    const pressed = (event: MouseEvent) => {
      kept.pressed = event.timeStamp;
      requestAnimationFrame(look);
    };
    addEventListener("click", pressed, { capture: true, once: true });
  }, reached.source);
  const pressed = page.locator(link).first();
  await pressed.hover();
  await pause(150);
  await pressed.click();
  await page.waitForFunction(() => window.benchRoute.drawn > 0, undefined, { timeout: 10_000 });
  return page.evaluate(() => window.benchRoute.drawn - window.benchRoute.pressed);
}
