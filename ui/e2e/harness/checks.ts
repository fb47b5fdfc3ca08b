/** What must hold on every page: nothing in the console, no violation of the CSP, axe content, no sideways scroll. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Gathers what a page complains about from now on. */
export class Complaints {
  private readonly found: string[] = [];
  private readonly allowed: RegExp[] = [];

  watch(page: Page): void {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.found.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.found.push(`error: ${error.stack ?? error.message}`));
    page.on("dialog", (dialog) => {
      this.found.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** A complaint like this one is expected in this test (a server that is killed, a wrong token). */
  allow(...patterns: RegExp[]): void {
    this.allowed.push(...patterns);
  }

  /** How often the page was refused what its policy does not allow. */
  get refused(): number {
    return this.found.filter((one) => one.includes("Content Security Policy")).length;
  }

  get all(): string[] {
    return this.found.filter((one) => !this.allowed.some((pattern) => pattern.test(one)));
  }
}

/** axe finds nothing (WCAG 2.2 A and AA, best practices). */
export async function expectAccessible(page: Page): Promise<void> {
  const result = await new AxeBuilder({ page })
    .options({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      resultTypes: ["violations"],
    })
    // Its other mode gathers the findings of frames in a page of its own; ours have none.
    .setLegacyMode(true)
    .analyze();
  const told = result.violations.map(
    (one) => `${one.id}: ${one.help}\n${one.nodes.map((node) => `    ${node.html.slice(0, 200)}`).join("\n")}`,
  );
  expect(told, `axe on ${page.url()}`).toEqual([]);
}

/** Nothing sticks out of the page to the right. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { wide, over } = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const scrolls = (element: Element | null): boolean => {
      for (let one = element; one && one !== document.body; one = one.parentElement)
        if (one !== element && /(auto|scroll|hidden|clip)/.test(getComputedStyle(one).overflowX)) return true;
      return false;
    };
    const sticking = [...document.querySelectorAll("body *")].filter(
      (one) => one.getBoundingClientRect().right > room + 1 && !scrolls(one),
    );
    return {
      wide: document.documentElement.scrollWidth - room,
      over: sticking.slice(0, 5).map((one) => one.outerHTML.slice(0, 160)),
    };
  });
  expect(wide, `sideways scroll on ${page.url()}: ${over.join("\n")}`).toBeLessThanOrEqual(0);
}

/** Texts of the catalogues that were not found show their key; numbers that went wrong show themselves. */
export async function expectNoRawTexts(page: Page): Promise<void> {
  const text = await page.evaluate(() => document.body.textContent);
  expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\[object Object\]|Invalid Date/);
  expect(text, "an ICU message was not filled in").not.toMatch(/\{\w+, (plural|select|number)/);
}

/** Nothing ran, and nothing waits to be pressed. */
export async function expectHarmless(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    title: document.title,
    images: document.querySelectorAll('img[src="x"], iframe, object, embed').length,
    links: [...document.querySelectorAll("a[href], form[action]")].filter((one) =>
      /^\s*(javascript|data|vbscript):/i.test(one.getAttribute("href") ?? one.getAttribute("action") ?? ""),
    ).length,
    handlers: [...document.querySelectorAll("*")].filter((one) =>
      one.getAttributeNames().some((name) => name.startsWith("on")),
    ).length,
  }));
  expect(found.title).not.toBe("owned");
  expect({ ...found, title: "" }).toEqual({ title: "", images: 0, links: 0, handlers: 0 });
}
