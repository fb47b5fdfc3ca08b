/** A tab's end of the live stream: through the SharedWorker, or a stream of its own where browsers have none. */
import { address } from "../api/address";
import type { LiveEvent } from "../api/schema";
import type { Connection, FromTab, ToTab } from "./events";
import { Stream } from "./stream";
import { type Read, Turns } from "./turns";

export interface LiveSource {
  /** Called with changes in order; returns how to stop. */
  onEvents(listener: (events: readonly LiveEvent[]) => void): () => void;
  onConnection(listener: () => void): () => void;
  connection(): Connection;
  again(): void;
  /** Reads an answer that stays open while this tab is looked at and has its turn; returns how to give it up. */
  hold(read: Read): () => void;
}

const JOIN_AGAIN_MS = 2_000;
/** What opens a page is asked for and drawn first: what may have changed before the stream was open is read after that. */
const FIRST_READING_MS = 2_000;

class Hub implements LiveSource {
  private readonly eventListeners = new Set<(events: readonly LiveEvent[]) => void>();
  private readonly connectionListeners = new Set<() => void>();
  private current: Connection = { state: "connecting" };
  /** Whether the stream's state was told at all. */
  private isTold = false;
  private retry: () => void = () => undefined;
  private turns: Turns | null = null;
  private worker: SharedWorker | null = null;

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
      // Nobody knows of the other tabs here: whoever is looked at reads.
      this.turns = new Turns(({ kind, id }) => this.heard({ kind: kind === "take" ? "begin" : "end", id }));
      return;
    }
    const say = (message: FromTab) => this.worker?.port.postMessage(message);
    this.turns = new Turns(say);
    this.join(url);
    document.addEventListener("visibilitychange", () => say({ kind: "visible", visible: !document.hidden }));
    addEventListener("pagehide", () => say({ kind: "bye" }));
    window.addEventListener("pageshow", (event: PageTransitionEvent) => {
      if (event.persisted) location.reload();
    });
    this.retry = () => say({ kind: "again" });
  }

  private join(url: string): void {
    const worker = new SharedWorker(new URL("./live.worker.ts", import.meta.url), {
      type: "module",
      name: "potok live",
    });
    this.worker = worker;
    let isJoined = false;
    worker.port.onmessage = (message: MessageEvent<ToTab>) => {
      isJoined = true;
      this.heard(message.data);
    };
    worker.port.start();
    worker.port.postMessage({ kind: "hello", url } satisfies FromTab);
    this.turns?.wish();
    // The server went away before the worker's code had come: there is nobody yet who would try again.
    worker.onerror = () => {
      if (isJoined || this.worker !== worker) return;
      if (this.current.state !== "lost") this.turned({ state: "lost", since: Date.now() });
      setTimeout(() => this.join(url), JOIN_AGAIN_MS);
    };
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

  hold(read: Read): () => void {
    return this.turns?.hold(read) ?? (() => undefined);
  }

  private heard(message: ToTab): void {
    switch (message.kind) {
      case "events":
        for (const listener of [...this.eventListeners]) listener(message.events);
        return;
      case "begin":
        this.turns?.begin(message.id);
        return;
      case "end":
        this.turns?.end(message.id);
        return;
      case "connection":
        this.turned(message.connection);
    }
  }

  private turned(connection: Connection): void {
    // A stream that lives already when this tab says hello has missed nothing; one that opens later has.
    const before = this.isTold ? this.current.state : "live";
    this.isTold = true;
    this.current = connection;
    for (const listener of [...this.connectionListeners]) listener();
    if (this.current.state !== "live" || before === "live") return;
    // What happened meanwhile is not told again: whoever listens reads its state anew.
    const readAnew = () => this.heard({ kind: "events", events: [{ type: "lagged", dropped: 0 }] });
    if (before === "connecting") setTimeout(readAnew, FIRST_READING_MS);
    else readAnew();
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
