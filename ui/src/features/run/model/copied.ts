/** What "copy as" copies for a run: its retry when there is something to retry, else the question why. Pure. */
import { retryAsCli, retryAsCurl, whyAsCli, whyAsCurl } from "./commands";
import { ordersOf } from "./orders";
import type { RunStory } from "./types";

export function commandsOf(story: RunStory, task: string, root: string): { cli: string; curl: string } {
  const run = story.run.run_id;
  const { first } = ordersOf(story, task);
  if (!first) return { cli: whyAsCli(run), curl: whyAsCurl(root, run) };
  const order = { run, tasks: first.tasks, downstream: first.downstream };
  return { cli: retryAsCli(order), curl: retryAsCurl(root, order) };
}
