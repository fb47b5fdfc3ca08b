/** The page's own tokens as a style sheet for a file that stands alone: colours are written down in one place only. */

/** Custom properties of the light theme, and of the dark one for who prefers it. */
export function tokenSheet(sheets: Iterable<CSSStyleSheet> | StyleSheetList): string {
  const light: string[] = [];
  const dark: string[] = [];
  for (const sheet of Array.from(sheets as ArrayLike<CSSStyleSheet>)) {
    for (const rule of rulesOf(sheet)) {
      if (!(rule instanceof CSSStyleRule)) continue;
      const found = properties(rule.style);
      if (!found) continue;
      if (rule.selectorText.includes('[data-theme="dark"]')) dark.push(found);
      else if (/:root/.test(rule.selectorText) && !rule.selectorText.includes("mantine")) light.push(found);
    }
  }
  return `:root{${light.join("")}}@media (prefers-color-scheme:dark){:root{${dark.join("")}}}`;
}

function rulesOf(sheet: CSSStyleSheet): CSSRule[] {
  try {
    return Array.from(sheet.cssRules);
  } catch {
    // The sheet of an extension: not ours, and not to be read.
    return [];
  }
}

function properties(style: CSSStyleDeclaration): string {
  const found = Array.from(style).filter((name) => name.startsWith("--") && !name.startsWith("--mantine"));
  return found.map((name) => `${name}:${style.getPropertyValue(name).trim()};`).join("");
}
