/** What needs a look stands first: unserved, full, longest wait. Pure. */
import type { Occupancy, PoolState, QueueState, WorkerState } from "../api/queries";

export type Tab = "workers" | "queues" | "pools";
export const TABS: readonly Tab[] = ["workers", "queues", "pools"];

export function tabOf(text: string | undefined): Tab {
  return TABS.find((one) => one === text) ?? "workers";
}

export function isUnserved(queue: QueueState): boolean {
  return queue.slots === 0 && queue.queued > 0;
}

export function isFull(pool: PoolState): boolean {
  return pool.used >= pool.slots && pool.queued > 0;
}

export function orderedQueues(queues: readonly QueueState[]): QueueState[] {
  return [...queues].sort(
    (a, b) => Number(isUnserved(b)) - Number(isUnserved(a)) || b.queued - a.queued || a.name.localeCompare(b.name),
  );
}

export function orderedPools(pools: readonly PoolState[]): PoolState[] {
  return [...pools].sort(
    (a, b) =>
      Number(isFull(b)) - Number(isFull(a)) || b.queued - a.queued || b.used - a.used || a.name.localeCompare(b.name),
  );
}

const WORKER_ORDER = ["busy", "idle", "lean"];

export function orderedWorkers(workers: readonly WorkerState[]): WorkerState[] {
  const since = (one: WorkerState) => one.work?.since ?? one.started_at;
  return [...workers].sort(
    (a, b) =>
      WORKER_ORDER.indexOf(a.state) - WORKER_ORDER.indexOf(b.state) ||
      since(a).localeCompare(since(b)) ||
      a.worker_id.localeCompare(b.worker_id),
  );
}

/** What the page says first. */
export type Verdict =
  | { kind: "unserved"; n: number; queue: string; tasks: number }
  | { kind: "full"; n: number; pool: string; tasks: number }
  | { kind: "busy"; tasks: number }
  | { kind: "none" }
  | { kind: "some"; tasks: number }
  | { kind: "calm" };

export function verdictOf(found: Occupancy): Verdict {
  const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
  const tasks = sum(found.queues.map((queue) => queue.queued));
  const unserved = found.queues.filter(isUnserved);
  const full = found.pools.filter(isFull);
  if (unserved[0])
    return {
      kind: "unserved",
      n: unserved.length,
      queue: unserved[0].name,
      tasks: sum(unserved.map((queue) => queue.queued)),
    };
  if (full[0]) return { kind: "full", n: full.length, pool: full[0].name, tasks: sum(full.map((pool) => pool.queued)) };
  if (found.slots === 0) return { kind: "none" };
  if (tasks > 0) return found.free === 0 ? { kind: "busy", tasks } : { kind: "some", tasks };
  return { kind: "calm" };
}
