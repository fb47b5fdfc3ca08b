/** Search parameters as plain texts, as people write and share them: `?task=train_2&try=2`. Pure. */

export type Search = Record<string, string | undefined>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

/** Leaves out what is undefined or empty, so that a default state has a bare address. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/** Every page reads its own keys; unknown ones stay in the address. */
export function anySearch(search: Record<string, unknown>): Search {
  const texts: Search = {};
  for (const [key, value] of Object.entries(search))
    if (value !== undefined && value !== null) texts[key] = String(value);
  return texts;
}
