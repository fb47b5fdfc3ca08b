/** Each page in two looks: English, light, wide; then Russian, dark, on a phone, changed where it stands as a person would. */
import type { Page } from "@playwright/test";
import { ADDRESSES, type Address } from "./harness/addresses";
import {
  expect,
  expectAccessible,
  expectHarmless,
  expectNoRawTexts,
  expectNoSidewaysScroll,
  open,
  test,
} from "./harness/test";

/** A browser keeps what pages share: a few pages a test cost far less than a test a page. */
const PAGES_A_TEST = 3;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

test.use({
  preferences: { language: "en", theme: "light" },
  viewport: WIDE,
  // Colours that are still on their way would be measured halfway.
  contextOptions: { reducedMotion: "reduce" },
});

for (const addresses of slices(ADDRESSES, PAGES_A_TEST))
  test(addresses.map((one) => one.name).join(", "), async ({ page, potok, runs, complaints }) => {
    test.slow();
    if (addresses.some((one) => one.name.endsWith("-missing"))) complaints.allow(/404/);
    for (const address of addresses)
      await test.step(address.name, async () => {
        await open(page, potok, address.path(runs));
        await expectWell(page, "en");
        await page.getByRole("button", { name: "RU: По-русски" }).click();
        await page.getByRole("button", { name: "Тема" }).click();
        await page.getByRole("menuitemradio", { name: "Тёмная" }).click();
        await expect(page.getByRole("menu")).toHaveCount(0);
        await page.setViewportSize(PHONE);
        await expectWell(page, "ru");
        await page.setViewportSize(WIDE);
        await page.evaluate(() => localStorage.removeItem("potok.preferences"));
      });
  });

async function expectWell(page: Page, language: string): Promise<void> {
  await expect(page.locator("h1")).toHaveCount(1);
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  await expectNoRawTexts(page);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await expectHarmless(page);
}

function slices(all: readonly Address[], size: number): Address[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}
