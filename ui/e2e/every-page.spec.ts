import { ADDRESSES } from "./harness/addresses";
import { expect, expectAccessible, expectNoRawTexts, expectNoSidewaysScroll, open, test } from "./harness/test";

/** Each combination occurs, none of them for every page twice: four looks at a page instead of sixteen. */
const LOOKS = [
  { language: "en", theme: "light", width: 1440 },
  { language: "ru", theme: "dark", width: 390 },
] as const;

for (const look of LOOKS) {
  test.describe(`${look.language}, ${look.theme}, ${look.width} px`, () => {
    test.use({
      preferences: { language: look.language, theme: look.theme },
      viewport: { width: look.width, height: look.width > 720 ? 900 : 844 },
    });

    for (const address of ADDRESSES) {
      test(address.name, async ({ page, potok, runs, complaints }) => {
        if (address.name.endsWith("-missing")) complaints.allow(/404/);
        await open(page, potok, address.path(runs));
        await settled(page);
        await expect(page.locator("h1")).toHaveCount(1);
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.language);
        await expectNoRawTexts(page);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      });
    }
  });
}

/** Everything that the page asked for has come and is drawn. */
async function settled(page: import("@playwright/test").Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}
