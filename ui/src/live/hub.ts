/** A tab's end of the live stream: through the SharedWorker, or a stream of its own where browsers have none. */
import { address } from "../api/address";
import type { LiveEvent } from "../api/schema";
import type { Connection, FromTab, ToTab } from "./events";
import { Stream } from "./stream";

export interface LiveSource {
  /** Called with changes in order; returns how to stop. */
  onEvents(listener: (events: readonly LiveEvent[]) => void): () => void;
  onConnection(listener: () => void): () => void;
  connection(): Connection;
  again(): void;
}

class Hub implements LiveSource {
  private readonly eventListeners = new Set<(events: readonly LiveEvent[]) => void>();
  private readonly connectionListeners = new Set<() => void>();
  private current: Connection = { state: "connecting" };
  /** Whether the stream's state was told at all. */
  private isTold = false;
  private retry: () => void = () => undefined;

  start(): void {
    const url = new URL(address("api/v1/events"), location.href).href;
    if (typeof SharedWorker === "undefined") {
      const stream = new Stream(url, {
        events: (events) => this.heard({ kind: "events", events }),
        connection: (connection) => this.heard({ kind: "connection", connection }),
      });
      // A stream of its own is opening from here on.
      this.isTold = true;
      this.retry = () => stream.again();
      return;
    }
    const worker = new SharedWorker(new URL("./live.worker.ts", import.meta.url), {
      type: "module",
      name: "potok live",
    });
    const say = (message: FromTab) => worker.port.postMessage(message);
    worker.port.onmessage = (message: MessageEvent<ToTab>) => this.heard(message.data);
    worker.port.start();
    say({ kind: "hello", url });
    document.addEventListener("visibilitychange", () => say({ kind: "visible", visible: !document.hidden }));
    addEventListener("pagehide", () => say({ kind: "bye" }));
    window.addEventListener("pageshow", (event: PageTransitionEvent) => {
      if (event.persisted) location.reload();
    });
    this.retry = () => say({ kind: "again" });
  }

  onEvents(listener: (events: readonly LiveEvent[]) => void): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  onConnection(listener: () => void): () => void {
    this.connectionListeners.add(listener);
    return () => this.connectionListeners.delete(listener);
  }

  connection(): Connection {
    return this.current;
  }

  again(): void {
    this.retry();
  }

  private heard(message: ToTab): void {
    if (message.kind === "events") {
      for (const listener of [...this.eventListeners]) listener(message.events);
      return;
    }
    // A stream that lives already when this tab says hello has missed nothing; one that opens later has.
    const missed = this.isTold && this.current.state !== "live";
    this.isTold = true;
    this.current = message.connection;
    for (const listener of [...this.connectionListeners]) listener();
    // What happened meanwhile is not told again: whoever listens reads its state anew.
    if (missed && this.current.state === "live")
      this.heard({ kind: "events", events: [{ type: "lagged", dropped: 0 }] });
  }
}

let started: Hub | null = null;

export function liveSource(): LiveSource {
  if (!started) {
    started = new Hub();
    started.start();
  }
  return started;
}
