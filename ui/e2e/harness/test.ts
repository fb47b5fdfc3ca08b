/** `test` with a running Potok: import it, `expect` and the checks from here in every journey. */
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { Complaints } from "./checks";
import { PotokServer, type ServerOptions } from "./server";

export { expectAccessible, expectHarmless, expectNoRawTexts, expectNoSidewaysScroll } from "./checks";
export type { Attempt, Run, TaskInstance } from "./server";
export { PotokServer } from "./server";
export { expect };

export interface Preferences {
  theme?: "system" | "light" | "dark";
  language?: "en" | "ru";
  zone?: "local" | "utc" | "dag";
  keys?: boolean;
}

interface TestFixtures {
  /** Set by `test.use({ preferences: { language: "ru", theme: "dark" } })`. */
  preferences: Preferences;
  /** The shared server of this worker: start runs there, but leave the server itself alone. */
  potok: PotokServer;
  /** The runs that `seeded` made in the shared server. */
  runs: SeededRuns;
  /** Servers of this test alone, for whatever kills or configures them. */
  ownPotok: (options?: Partial<ServerOptions>) => Promise<PotokServer>;
  complaints: Complaints;
}

interface WorkerFixtures {
  sharedPotok: PotokServer;
  sharedRuns: SeededRuns;
}

/** Ids of runs by what happened in them. */
export interface SeededRuns {
  good: string;
  failed: string;
  retried: string;
  skipped: string;
  injected: string;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  preferences: [{}, { option: true }],

  sharedPotok: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures out of this pattern
    async ({}, use) => {
      const server = await PotokServer.start({ workspace: "mixed" });
      await use(server);
      await server.dispose();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  sharedRuns: [async ({ sharedPotok }, use) => use(await seeded(sharedPotok)), { scope: "worker", timeout: 60_000 }],

  potok: async ({ sharedPotok }, use) => use(sharedPotok),

  runs: async ({ sharedRuns }, use) => use(sharedRuns),

  // biome-ignore lint/correctness/noEmptyPattern: see above
  ownPotok: async ({}, use) => {
    const started: PotokServer[] = [];
    await use(async (options = {}) => {
      const server = await PotokServer.start({ workspace: "mixed", ...options });
      started.push(server);
      return server;
    });
    await Promise.all(started.map((server) => server.dispose()));
  },

  complaints: [
    // `ownPotok` comes first, so that its servers end after the complaints were counted.
    async ({ page, ownPotok: _servers }, use) => {
      const complaints = new Complaints();
      complaints.watch(page);
      await use(complaints);
      expect(complaints.all, "what the page complained about").toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, preferences }, use) => {
    await prefer(context, preferences);
    await use(context);
  },
});

/** Language, theme and zone of every page of this context. */
export async function prefer(context: BrowserContext, preferences: Preferences): Promise<void> {
  await context.addInitScript((given) => {
    if (localStorage.getItem("potok.preferences") === null)
      localStorage.setItem("potok.preferences", JSON.stringify(given));
  }, preferences);
}

/** A session for this browser, and the page at `path` (relative: `runs/x`, empty for the home). */
export async function open(
  page: Page,
  server: PotokServer,
  path = "",
  { base = server.url, isReady = true }: { base?: string; isReady?: boolean } = {},
): Promise<void> {
  const answer = await page.context().request.post(`${base}/login`, {
    headers: { "X-Potok-CSRF": "1", Origin: new URL(base).origin },
    data: { token: server.token },
  });
  expect(answer.status(), await answer.text()).toBe(204);
  await page.goto(`${base}/${path}`);
  // Keys that are pressed before the page stands would be lost.
  if (isReady) await page.locator("h1").first().waitFor();
}

/** One run of each kind, so that lists and pages have something to show. */
export async function seeded(server: PotokServer): Promise<SeededRuns> {
  await server.put("variables/prices_mended", { value: false });
  const good = await server.run("orders_daily", {}, "the first one");
  for (let count = 0; count < 5; count += 1) await server.run("orders_daily");
  const [failed, retried, skipped, injected] = await Promise.all([
    server.run("price_import"),
    server.run("flaky_export"),
    server.run("branching"),
    server.run("injection", { text: "<img src=x onerror=alert(1)>" }, "<script>alert('note')</script>"),
  ]);
  return {
    good: good.run_id,
    failed: failed.run_id,
    retried: retried.run_id,
    skipped: skipped.run_id,
    injected: injected.run_id,
  };
}
