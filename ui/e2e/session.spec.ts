import { expect, open, test } from "./harness/test";

test("the one-click link opens a session that scripts cannot read", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await page.goto(potok.loginLink);
  await expect(page).toHaveURL(`${potok.url}/`);
  await expect(page.locator("h1")).toBeVisible();
  const cookies = await page.context().cookies();
  expect(cookies.map((one) => [one.httpOnly, one.sameSite])).toEqual([[true, "Strict"]]);
  expect(await page.evaluate(() => document.cookie)).toBe("");
});

test("an old link says so, and the token opens the page that was asked for", async ({ page, potok, complaints }) => {
  complaints.allow(/401/);
  await page.goto(`${potok.url}/dags?q=orders`);
  await page.locator("input[type=password]").fill("wrong");
  await page.locator("button[type=submit]").click();
  await expect(page.locator("form")).toContainText(/wrong/i);
  await page.locator("input[type=password]").fill(potok.token);
  await page.locator("button[type=submit]").click();
  await expect(page).toHaveURL(`${potok.url}/dags?q=orders`);
  await expect(page.getByText("orders_daily").first()).toBeVisible();
});

test("a change without the header of our own pages is refused", async ({ page, potok }) => {
  await open(page, potok);
  const answer = await page.context().request.post(`${potok.url}/api/v1/dags/orders_daily/runs`, { data: {} });
  expect(answer.status()).toBe(403);
});
