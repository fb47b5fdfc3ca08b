/** Words in English without a catalogue, for tests and the bench. */
import type { GraphTexts } from "./node-face";

export const plainTexts: GraphTexts = {
  tasks: (n) => `${n} tasks`,
  parallel: (n) => `${n} in parallel`,
  series: (n) => `${n} steps in a row`,
  pool: (pool, slots) => (slots === undefined ? `pool ${pool}` : `pool ${pool}, ${slots} slots`),
  done: (done, total) => `${done} of ${total}`,
  failed: (n) => `${n} failed`,
  running: (n) => `${n} running`,
  dry: (n) => `${n} did not run`,
  state: (state) => state,
  after: (list) => `after ${list}`,
  before: (list) => `before ${list}`,
  more: (n) => `${n} more`,
  critical: "on the critical path",
};
