/** Joins bursts of changes: of many changes of one task or run only the newest matters. Pure. */
import type { LiveEvent } from "../api/schema";

export const GATHERED_MAX = 5_000;

/** Changes kept by subject in the order of their newest version; too many become one `lagged`. */
export class Gathered {
  private readonly bySubject = new Map<string, LiveEvent>();
  private dropped = 0;

  add(events: readonly LiveEvent[]): void {
    for (const event of events) {
      const subject = subjectOf(event);
      this.bySubject.delete(subject);
      this.bySubject.set(subject, event);
    }
    if (this.bySubject.size > GATHERED_MAX) {
      this.dropped += this.bySubject.size;
      this.bySubject.clear();
    }
  }

  get isEmpty(): boolean {
    return this.bySubject.size === 0 && this.dropped === 0;
  }

  take(): LiveEvent[] {
    const events: LiveEvent[] = [...this.bySubject.values()];
    if (this.dropped > 0) events.unshift({ type: "lagged", dropped: this.dropped });
    this.bySubject.clear();
    this.dropped = 0;
    return events;
  }
}

function subjectOf(event: LiveEvent): string {
  switch (event.type) {
    case "run":
      return `run ${event.run_id}`;
    case "task":
      return `task ${event.run_id}/${event.task_id}`;
    case "dags":
      return `dags ${event.dag_ids.join(" ")}`;
    case "lagged":
      return "lagged";
  }
}
