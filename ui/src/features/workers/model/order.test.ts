import { expect, it } from "vitest";
import type { Occupancy, PoolState, QueueState } from "../api/queries";
import { orderedPools, orderedQueues, verdictOf } from "./order";

const queue = (name: string, more: Partial<QueueState> = {}): QueueState => ({
  name,
  queued: 0,
  queued_since: null,
  running: 0,
  slots: 4,
  served_at: null,
  ...more,
});
const pool = (name: string, more: Partial<PoolState> = {}): PoolState => ({
  name,
  slots: 2,
  used: 0,
  queued: 0,
  queued_since: null,
  holders: [],
  waiters: [],
  description: "",
  source: "config",
  ...more,
});
const found = (more: Partial<Occupancy> = {}): Occupancy => ({
  at: "2026-11-25T00:00:00Z",
  slots: 4,
  free: 4,
  workers: [],
  queues: [queue("default")],
  pools: [],
  ...more,
});

it("puts unserved queues and full pools first", () => {
  const queues = [queue("a", { queued: 9 }), queue("z", { queued: 1, slots: 0 }), queue("m")];
  expect(orderedQueues(queues).map((one) => one.name)).toEqual(["z", "a", "m"]);
  const pools = [pool("a"), pool("full", { used: 2, queued: 1 }), pool("busy", { used: 2 })];
  expect(orderedPools(pools).map((one) => one.name)).toEqual(["full", "busy", "a"]);
});

it("says the worst thing first", () => {
  expect(verdictOf(found())).toEqual({ kind: "calm" });
  expect(verdictOf(found({ slots: 0, free: 0 })).kind).toBe("none");
  expect(verdictOf(found({ free: 0, queues: [queue("default", { queued: 3 })] }))).toEqual({ kind: "busy", tasks: 3 });
  const full = [pool("gpu", { used: 2, queued: 5 })];
  expect(verdictOf(found({ pools: full }))).toEqual({ kind: "full", n: 1, pool: "gpu", tasks: 5 });
  const queues = [queue("far", { queued: 2, slots: 0 })];
  expect(verdictOf(found({ pools: full, queues }))).toEqual({ kind: "unserved", n: 1, queue: "far", tasks: 2 });
});
