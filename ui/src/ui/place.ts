/** An address of ours, as text, as what the router takes: ids may hold any letter and stay one segment. Pure. */

export interface Place {
  to: string;
  params: Record<string, string>;
  search: Record<string, string>;
}

const PATTERNS: readonly [RegExp, string, readonly string[]][] = [
  [/^\/runs\/([^/]+)\/logs$/, "/runs/$run/logs", ["run"]],
  [/^\/runs\/([^/]+)$/, "/runs/$run", ["run"]],
  [/^\/dags\/([^/]+)\/([^/]+)$/, "/dags/$dag/$tab", ["dag", "tab"]],
  [/^\/dags\/([^/]+)$/, "/dags/$dag", ["dag"]],
];

/** `address`: `/runs/a%2F1?task=load`, encoded as in an address bar. */
export function placeOf(address: string): Place {
  const [path = "/", query = ""] = address.split("?");
  const search = Object.fromEntries(new URLSearchParams(query));
  for (const [pattern, to, names] of PATTERNS) {
    const found = pattern.exec(path);
    if (found) {
      const params = Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? "")]));
      return { to, params, search };
    }
  }
  return { to: path, params: {}, search };
}
