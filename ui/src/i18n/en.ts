/** Every catalogue of one language as one chunk: a page never waits for its words twice. */
const found = import.meta.glob<Record<string, unknown>>("./en/*.json", { eager: true, import: "default" });

export const catalogues = Object.fromEntries(
  Object.entries(found).map(([path, texts]) => [path.slice("./en/".length, -".json".length), texts]),
);
