import { proxied } from "./harness/proxy";
import { expect, open, test } from "./harness/test";

// More than the six connections that a browser gives a server; bench/ui counts the cost of twenty.
const TABS = 8;

test("many tabs share one stream and all are told", async ({ page, context, ownPotok }) => {
  const potok = await ownPotok({ settings: { POTOK_ALLOWED_HOSTS: '["*"]' } });
  const proxy = await proxied(potok.url);
  const run = await potok.trigger("one_watch", { seconds: 120 });
  await open(page, potok, `runs/${run}`, { base: proxy.url });
  const tabs = [page];
  while (tabs.length < TABS) {
    const tab = await context.newPage();
    await tab.goto(`${proxy.url}/${tabs.length % 2 ? "runs/" : ""}${tabs.length % 2 ? run : ""}`);
    tabs.push(tab);
  }
  const ofRun = tabs.filter((tab) => tab.url().endsWith(run));
  for (const tab of ofRun) await expect(tab.getByRole("heading", { level: 1 })).toContainText(/running/i);
  await potok.post(`runs/${run}/cancel`);
  await potok.ended(run);
  for (const tab of ofRun)
    await expect(tab.getByRole("heading", { level: 1 })).toContainText(/cancelled/i, { timeout: 20_000 });
  expect(proxy.seen.filter((path) => path.includes("/api/v1/events"))).toHaveLength(1);
  await proxy.close();
});
