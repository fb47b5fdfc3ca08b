/** Which texts the top of the page says of a run: kept apart from how they look. Pure. */
import type { RootFailure, RunStory } from "./types";

/** The task that the page opens at: what the address names, else what failed and blocks most, else what decides the end. */
export function shownTask(story: RunStory, asked: string | undefined): string {
  if (asked) return asked;
  const root = story.roots[0];
  if (root && story.run.state !== "running") return root.task_id;
  const running = story.verdict.values.task;
  if (story.run.state === "running" && typeof running === "string" && running) return running;
  return story.critical_path.at(-1) ?? root?.task_id ?? "";
}

export function rootOf(story: RunStory, task: string): RootFailure | undefined {
  return story.roots.find((root) => root.task_id === task);
}

export function isActive(story: RunStory): boolean {
  return story.run.state === "running" || story.run.state === "queued";
}

/** The pool that the run waited for the longest, when that was a noticeable part of it. */
export function longestWait(story: RunStory): RunStory["waits"][number] | undefined {
  return story.waits.toSorted((a, b) => b.longest_s - a.longest_s).find((wait) => wait.longest_s >= 1);
}

/** `b20e44d` of a content hash. */
export function shortHash(bundle: string): string {
  return bundle.slice(0, 7);
}
