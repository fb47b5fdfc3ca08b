import { proxied } from "./harness/proxy";
import { expect, open, test } from "./harness/test";

test("behind a path prefix every link, file and stream stays below it", async ({ page, ownPotok }) => {
  const potok = await ownPotok({ prefix: "/tools/potok" });
  const proxy = await proxied(potok.url, "/tools/potok");
  const run = await potok.run("orders_daily");
  await open(page, potok, "", { base: proxy.url });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const name of [/dags/i, /runs/i, /workers/i]) {
    await page.getByRole("banner").getByRole("link", { name }).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(new URL(page.url()).pathname).toMatch(/^\/tools\/potok\//);
  }
  await page.goto(`${proxy.url}/runs/${run.run_id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/succeeded/i);
  const again = await potok.trigger("orders_daily");
  await page.goto(`${proxy.url}/runs/${again}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(/succeeded/i);
  await expect.poll(() => proxy.seen.filter((path) => path.includes("/api/v1/events")).length).toBeGreaterThan(0);
  expect(proxy.strays).toEqual([]);
  await proxy.close();
});
