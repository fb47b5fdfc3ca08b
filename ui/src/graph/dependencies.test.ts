import { describe, expect, test } from "vitest";
import { type Dependencies, readDependencies } from "./dependencies";
import { chain, graphOf, layerCake, names, randomDag } from "./shapes";

/** Pairs of tasks of which the second waits for the first, over any number of lines. */
function reachable({ out, tasks }: Dependencies): Set<string> {
  const pairs = new Set<string>();
  for (let start = 0; start < tasks; start += 1) {
    const left = [...(out[start] ?? [])];
    const seen = new Set(left);
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (node < tasks) pairs.add(`${start}>${node}`);
      for (const next of out[node] ?? []) {
        if (!seen.has(next)) {
          seen.add(next);
          left.push(next);
        }
      }
    }
  }
  return pairs;
}

const lineCount = ({ out }: Dependencies) => out.reduce((sum, targets) => sum + targets.length, 0);

describe("reading the bundles of a DAG", () => {
  test("a hundred after a hundred are two hundred lines through one junction, not ten thousand", () => {
    const read = readDependencies(layerCake(2, 100));
    expect(read.out.length).toBe(201);
    expect(lineCount(read)).toBe(200);
    expect(reachable(read).size).toBe(10_000);
  });

  test("a file that names each edge alone gives the same lines as one of bundles", () => {
    const [above, below] = [names("above", 10), names("below", 10)];
    const pairs = above.flatMap((source) => below.map((target): [string, string] => [source, target]));
    const read = readDependencies(graphOf([...above, ...below], pairs));
    expect(lineCount(read)).toBe(20);
    expect(reachable(read).size).toBe(100);
  });

  test("a few by a few stay drawn out", () => {
    expect(readDependencies(layerCake(2, 2)).out.length).toBe(4);
  });

  test("an edge that others imply is not drawn", () => {
    const read = readDependencies(
      graphOf(
        ["a", "b", "c"],
        [
          ["a", "b"],
          ["b", "c"],
          ["a", "c"],
        ],
      ), // prettier-ignore
    );
    expect(read.out).toEqual([[1], [2], []]);
  });

  test("what waits for what is the same before and after, on any graph", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const graph = randomDag(40, seed);
      const all: Dependencies = {
        tasks: 40,
        into: [],
        out: graph.tasks.map(({ task_id }) =>
          graph.edges
            .filter((edge) => edge.upstream.includes(task_id))
            .flatMap((edge) => edge.downstream.map((id) => graph.tasks.findIndex((task) => task.task_id === id))),
        ),
      };
      expect(reachable(readDependencies(graph))).toEqual(reachable(all));
    }
  });

  test("edges of unknown tasks, to oneself, and in a ring do no harm", () => {
    const read = readDependencies(
      graphOf(
        ["a", "b"],
        [
          ["a", "b"],
          ["b", "a"],
          ["a", "a"],
          ["a", "gone"],
        ],
      ), // prettier-ignore
    );
    expect(read.out).toEqual([[1], [0]]);
  });

  test("no tasks and one task are graphs too", () => {
    expect(readDependencies({ tasks: [], edges: [] }).out).toEqual([]);
    expect(readDependencies(chain(1)).out).toEqual([[]]);
  });
});
