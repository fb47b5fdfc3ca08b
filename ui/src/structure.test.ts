import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const ROOT = dirname(new URL(import.meta.url).pathname);
const COMPONENT_LINES_MAX = 250;

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const sources = files(ROOT).filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".gen.ts"));

/** `features/run`, `ui`, `app`: the room that a file stands in. */
function room(path: string): string {
  const [first = "", second = ""] = relative(ROOT, path).split("/");
  return first === "features" ? `${first}/${second}` : first;
}

function imports(path: string): string[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((found) =>
    resolve(dirname(path), found[1] ?? ""),
  );
}

it("a feature imports no other feature, and what is shared imports no feature and no app", () => {
  const wrong: string[] = [];
  for (const path of sources) {
    const own = room(path);
    if (own === "app" || own === "main.tsx" || own === "early.ts") continue;
    for (const imported of imports(path)) {
      const other = room(imported);
      const isForeign = other.startsWith("features/") && other !== own;
      if (isForeign || other === "app") wrong.push(`${relative(ROOT, path)} imports ${relative(ROOT, imported)}`);
    }
  }
  expect(wrong).toEqual([]);
});

it("component files are short enough to see whole", () => {
  const long = sources
    .filter((path) => path.endsWith(".tsx"))
    .map((path) => ({ path: relative(ROOT, path), lines: readFileSync(path, "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > COMPONENT_LINES_MAX);
  expect(long).toEqual([]);
});

it("colours come from the tokens only", () => {
  const wrong = files(ROOT)
    .filter((path) => /\.(css|tsx?)$/.test(path) && !/tokens\.(css|test\.ts)$|\.gen\.ts$|\.test\.tsx?$/.test(path))
    .filter((path) =>
      /#[0-9a-fA-F]{3,8}\b(?!["'\w-]*\))|\brgba?\(|\bhsla?\(/.test(stripped(readFileSync(path, "utf8"))),
    )
    .map((path) => relative(ROOT, path));
  expect(wrong).toEqual([]);
});

/** Without comments and without `#fragment` addresses and private fields. */
function stripped(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "").replace(/href="#[\w-]+"|this\.#\w+|url\(#[^)]*\)/g, "");
}
