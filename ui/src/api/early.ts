/** Questions that were asked before the pages' code had come, for whoever asks the same first. */
import { address } from "./address";

/** An answer older than this is not given any more: whoever asks so late wants what is so now. */
const FRESH_MS = 10_000;

interface Asked {
  answer: Promise<Response>;
  at: number;
}

const asked = new Map<string, Asked>();

/** `path` below the API's root; `query` as the pages ask it. Whoever asks handles a failure, for nobody may take it. */
export function askEarly(path: string, query: Record<string, string | number | boolean> = {}): Promise<Response> {
  const url = new URL(address(`api/v1/${path}`), document.baseURI);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const answer = fetch(url, { headers: { "X-Potok-CSRF": "1" } });
  asked.set(keyOf(url), { answer, at: performance.now() });
  return answer;
}

/** The answer to the same question, once. */
export function takeEarly(request: Request): Promise<Response> | null {
  if (asked.size === 0 || request.method !== "GET") return null;
  const key = keyOf(new URL(request.url));
  const found = asked.get(key);
  asked.delete(key);
  return found && performance.now() - found.at < FRESH_MS ? found.answer : null;
}

/** The same for the same question, in whatever order and escapes it was written; what is empty asks for nothing. */
function keyOf(url: URL): string {
  const query = [...url.searchParams]
    .filter(([, value]) => value !== "")
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([decodeURIComponent(url.pathname), query]);
}
