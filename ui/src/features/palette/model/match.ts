/** How well a label fits what was typed: parts of words, skipped letters, the wrong keyboard layout. Pure. */

const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю";

/** What was typed, and the same keys in the other layout. */
export function spellings(query: string): string[] {
  const typed = query.trim().toLowerCase();
  if (!typed) return [];
  const [from, to] = /[а-яё]/.test(typed) ? [CYRILLIC, LATIN] : [LATIN, CYRILLIC];
  const other = [...typed].map((letter) => to[from.indexOf(letter)] ?? letter).join("");
  return other === typed ? [typed] : [typed, other];
}

/** Smaller is better; null: does not fit. */
export function rank(query: string, label: string): number | null {
  const wanted = spellings(query);
  if (wanted.length === 0) return 0;
  const name = label.toLowerCase();
  const found = wanted.map((needle) => rankOne(needle, name)).filter((one) => one !== null);
  return found.length > 0 ? Math.min(...found) : null;
}

function rankOne(needle: string, name: string): number | null {
  const at = name.indexOf(needle);
  if (at === 0) return 0;
  if (at > 0) return /[\s_./-]/.test(name[at - 1] ?? "") ? 1 : 2;
  return isScattered(needle, name) ? 3 : null;
}

function isScattered(needle: string, name: string): boolean {
  if (needle.length < 2) return false;
  let at = -1;
  for (const letter of needle) {
    at = name.indexOf(letter, at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** Those that fit, the best first; equal ones keep their order. */
export function fitting<T>(query: string, all: readonly T[], labelOf: (one: T) => string): T[] {
  return all
    .map((one, index) => ({ one, index, rank: rank(query, labelOf(one)) }))
    .filter((entry): entry is typeof entry & { rank: number } => entry.rank !== null)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map((entry) => entry.one);
}
