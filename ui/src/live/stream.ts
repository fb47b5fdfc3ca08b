/** The one event stream of a browser: connects, reconnects, and hands out gathered changes. Knows nothing of tabs. */
import type { LiveEvent } from "../api/schema";
import type { Connection } from "./events";
import { Gathered } from "./gather";

/** No screen shows more than a few steps a second; fewer, larger messages keep every tab smooth. */
const SPREAD_MS = 200;
/** Beats come every 15 s; three missing ones mean that the line is dead although nobody said so. */
const SILENCE_MAX_MS = 45_000;
const RETRY_FIRST_MS = 500;
const RETRY_MAX_MS = 10_000;

export interface StreamListener {
  events(events: LiveEvent[]): void;
  connection(connection: Connection): void;
}

export class Stream {
  connection: Connection = { state: "connecting" };
  private source: EventSource | null = null;
  private readonly gathered = new Gathered();
  private spreading: ReturnType<typeof setTimeout> | null = null;
  private retrying: ReturnType<typeof setTimeout> | null = null;
  private silence: ReturnType<typeof setTimeout> | null = null;
  private retryMs = RETRY_FIRST_MS;

  constructor(
    private readonly url: string,
    private readonly listener: StreamListener,
  ) {
    this.connect();
  }

  /** Try at once instead of when the pause is over. */
  again(): void {
    if (this.connection.state === "live") return;
    this.retryMs = RETRY_FIRST_MS;
    this.connect();
  }

  close(): void {
    this.source?.close();
    for (const timer of [this.spreading, this.retrying, this.silence]) if (timer !== null) clearTimeout(timer);
  }

  private connect(): void {
    if (this.retrying !== null) clearTimeout(this.retrying);
    this.retrying = null;
    this.source?.close();
    const source = new EventSource(this.url, { withCredentials: true });
    this.source = source;
    source.onopen = () => this.opened();
    source.onerror = () => this.lost();
    source.onmessage = (message) => this.heard(message.data);
    source.addEventListener("beat", () => this.listen());
    this.listen();
  }

  private opened(): void {
    this.retryMs = RETRY_FIRST_MS;
    this.listen();
    this.turn({ state: "live", since: Date.now() });
  }

  private lost(): void {
    this.source?.close();
    this.source = null;
    if (this.connection.state !== "lost") this.turn({ state: "lost", since: Date.now() });
    this.retrying ??= setTimeout(() => {
      this.retrying = null;
      this.connect();
    }, this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MAX_MS);
  }

  private heard(data: string): void {
    this.listen();
    this.gathered.add(JSON.parse(data) as LiveEvent[]);
    this.spreading ??= setTimeout(() => {
      this.spreading = null;
      if (!this.gathered.isEmpty) this.listener.events(this.gathered.take());
    }, SPREAD_MS);
  }

  private listen(): void {
    if (this.silence !== null) clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), SILENCE_MAX_MS);
  }

  private turn(connection: Connection): void {
    this.connection = connection;
    this.listener.connection(connection);
  }
}
