import { expect, expectAccessible, open, test } from "./harness/test";

test("the one-click link opens a session that scripts cannot read", async ({ page, ownPotok }) => {
  const potok = await ownPotok();
  await page.goto(potok.loginLink);
  await expect(page).toHaveURL(`${potok.url}/`);
  await expect(page.locator("h1")).toBeVisible();
  const cookies = await page.context().cookies();
  expect(cookies.map((one) => [one.httpOnly, one.sameSite])).toEqual([[true, "Strict"]]);
  expect(await page.evaluate(() => document.cookie)).toBe("");
});

test("a link that is not valid says so, and the token opens the page that was asked for", async ({
  page,
  potok,
  complaints,
}) => {
  complaints.allow(/401/);
  await page.goto(`${potok.loginLink.slice(0, -6)}000000`);
  await expect(page.locator("form")).toContainText(/link/i);
  await expectAccessible(page);
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

test("no script runs that the server did not send as a file", async ({ page, potok, complaints }) => {
  complaints.allow(/Content Security Policy/);
  await open(page, potok);
  const answer = await page.context().request.get(`${potok.url}/`);
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|data:/);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'owned'";
    document.head.append(script);
    const image = document.createElement("div");
    image.innerHTML = "<img src=x onerror=\"document.title='owned'\">";
    document.body.append(image);
    const style = document.createElement("style");
    style.textContent = "h1 { display: none }";
    document.head.append(style);
  });
  await expect.poll(() => complaints.refused).toBeGreaterThan(1);
  await expect(page.locator("h1").first()).toBeVisible();
  expect(await page.title()).not.toBe("owned");
});
