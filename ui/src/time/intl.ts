/** Formats of Intl, each made once: making one costs more than a hundred uses of it. */

const dates = new Map<string, Intl.DateTimeFormat>();
const numbers = new Map<string, Intl.NumberFormat>();

export function dateFormat(language: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  let found = dates.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: zone, ...options });
    dates.set(key, found);
  }
  return found;
}

export function numberFormat(language: string, style: "decimal" | "percent", digits: number): Intl.NumberFormat {
  const key = `${language} ${style} ${digits}`;
  let found = numbers.get(key);
  if (!found) {
    found = new Intl.NumberFormat(language, { style, maximumFractionDigits: digits });
    numbers.set(key, found);
  }
  return found;
}
