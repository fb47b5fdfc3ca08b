/** The picture that moves in the README: failure, cause, retry, green. docs/pictures/ten-seconds.png */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { exampleServer } from "../e2e/harness/examples";
import { expect, open, test } from "../e2e/harness/test";
import { animated, type Frame } from "./apng";
import { still } from "./picture";

const OUT = resolve(import.meta.dirname, "../../docs/pictures/ten-seconds.png");

test.use({ viewport: { width: 1180, height: 738 } });

test("failure, cause, retry, green", async ({ page, complaints }) => {
  complaints.allow(/.*/);
  const potok = await exampleServer();
  const frames: Frame[] = [];
  const take = async (ms: number) => frames.push({ png: await page.screenshot({ animations: "disabled" }), ms });
  try {
    await open(page, potok);
    const heading = page.getByRole("heading", { level: 1 });
    const failed = page
      .getByRole("main")
      .getByRole("link", { name: /ml_training/ })
      .first();
    await failed.hover();
    await still(page);
    await take(1800);
    await failed.click();
    await expect(heading).toContainText("train_2");
    await still(page);
    await take(2600);
    const retry = page.getByRole("button", { name: /Retry from train_2/ }).first();
    await retry.hover();
    await take(900);
    await retry.click();
    await expect(heading).toContainText(/running/i);
    for (let look = 0; look < 20 && !/succeeded/i.test((await heading.textContent()) ?? ""); look += 1) {
      await take(350);
      await page.waitForTimeout(600);
    }
    await expect(heading).toContainText(/succeeded/i, { timeout: 60_000 });
    await still(page);
    await take(2600);
    writeFileSync(OUT, animated(frames));
  } finally {
    await potok.dispose();
  }
});
