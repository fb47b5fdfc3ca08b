/** The rows of a log as a list reads them: pages fetched when they come into view, and the lines that come live. */
import { asProblem, type ProblemError } from "../../api/problem";
import { liveSource } from "../../live/hub";
import { followed } from "./follow";
import { fetchWindow, followAddress, type Level, type Line, type LogPlace } from "./log-queries";

export const PAGE_ROWS = 200;
const PAGES_MAX = 60;
const TAIL_MAX = 20_000;
const TELL_MS = 80;
/** A proxy may end an answer that was silent for long. */
const AGAIN_MS = 2_000;

/** One for each place and level; `start` it, and `stop` it when it is looked at no more. */
export class LogRows {
  total = 0;
  linesTotal = 0;
  growing = false;
  isReady = false;
  error: ProblemError | null = null;
  /** Grows with every change, for React. */
  version = 0;
  private pages = new Map<number, Line[]>();
  private asked = new Map<number, AbortController>();
  private tail: Line[] = [];
  private tailAt = 0;
  private listeners = new Set<() => void>();
  private life = new AbortController();
  /** Gives up the answer that tells what comes. */
  private leave: (() => void) | null = null;
  private telling: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly place: LogPlace,
    readonly level: Level,
  ) {}

  start(): void {
    this.life = new AbortController();
    void this.refresh();
  }

  stop(): void {
    this.life.abort();
    this.unfollow();
    for (const one of this.asked.values()) one.abort();
    this.asked.clear();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  row(at: number): Line | undefined {
    if (at >= this.tailAt && this.tail.length > 0) return this.tail[at - this.tailAt];
    return this.pages.get(Math.floor(at / PAGE_ROWS))?.[at % PAGE_ROWS];
  }

  /** How many rows there are now; asks anew and goes on following. Rows that were read stay. */
  async refresh(): Promise<void> {
    this.unfollow();
    await this.measure();
    if (!this.life.signal.aborted) this.follow();
  }

  private async measure(): Promise<void> {
    try {
      const found = await fetchWindow(this.place, { lines: 0, level: this.level }, this.life.signal);
      this.take(found.rows_total, found.lines_total, found.growing);
      this.error = null;
    } catch (error) {
      if (this.life.signal.aborted) return;
      this.error = asProblem(error);
    }
    this.isReady = true;
    this.tell();
  }

  private take(total: number, lines: number, growing: boolean): void {
    const last = Math.floor(this.total / PAGE_ROWS);
    if (total !== this.total) this.pages.delete(last);
    this.total = total;
    this.linesTotal = lines;
    this.growing = growing;
    this.tail = [];
    this.tailAt = total;
  }

  /** The row of a line number, or of the next line that passes the level. */
  async rowOf(line: number): Promise<number> {
    if (this.level === "") return Math.min(line - 1, Math.max(0, this.total - 1));
    const found = await fetchWindow(this.place, { fromLine: line, lines: 0, level: this.level }, this.life.signal);
    return Math.max(0, Math.min(found.first_row, this.total - 1));
  }

  /** Asks for what is missing of these rows, and gives up what is far from them. */
  need(first: number, last: number): void {
    const wanted = new Set<number>();
    for (let page = Math.floor(first / PAGE_ROWS); page <= Math.floor(last / PAGE_ROWS); page += 1) wanted.add(page);
    for (const [page, request] of this.asked) {
      if (wanted.has(page)) continue;
      request.abort();
      this.asked.delete(page);
    }
    for (const page of wanted) {
      const begin = page * PAGE_ROWS;
      const end = Math.min(begin + PAGE_ROWS, this.tailAt);
      const known = this.pages.get(page)?.length ?? 0;
      if (begin < end && known < end - begin && !this.asked.has(page)) void this.ask(page, begin);
    }
  }

  private async ask(page: number, begin: number): Promise<void> {
    const request = new AbortController();
    this.asked.set(page, request);
    try {
      const asked = { fromRow: begin, lines: PAGE_ROWS, level: this.level };
      const found = await fetchWindow(this.place, asked, request.signal);
      this.pages.delete(page);
      this.pages.set(page, found.items);
      const oldest = this.pages.keys().next().value;
      if (this.pages.size > PAGES_MAX && oldest !== undefined) this.pages.delete(oldest);
      this.error = null;
    } catch (error) {
      if (!request.signal.aborted) this.error = asProblem(error);
    } finally {
      if (this.asked.get(page) === request) this.asked.delete(page);
    }
    if (!request.signal.aborted) this.tell();
  }

  /** Reads what comes while the page is looked at and the browser has a connection for it. */
  private follow(): void {
    if (!this.growing || this.leave) return;
    let turns = 0;
    this.leave = liveSource().hold((signal) => {
      turns += 1;
      void this.read(signal, turns === 1);
    });
  }

  private async read(signal: AbortSignal, isFirst: boolean): Promise<void> {
    // Between two turns much may have come: it is counted, and read where it is looked at.
    if (!isFirst) await this.measure();
    if (signal.aborted) return;
    const wasWhole = await followed(followAddress(this.place, this.total, this.level), signal, (lines) => {
      if (!signal.aborted) this.push(lines);
    });
    if (signal.aborted) return;
    this.unfollow();
    if (wasWhole) void this.refresh();
    else setTimeout(() => this.again(), AGAIN_MS);
  }

  /** While the server is away nothing is asked: its return makes everything anew. */
  private again(): void {
    if (!this.life.signal.aborted && !this.leave && liveSource().connection().state === "live") void this.refresh();
  }

  private unfollow(): void {
    this.leave?.();
    this.leave = null;
  }

  private push(lines: readonly Omit<Line, "n">[]): void {
    for (const line of lines) {
      this.total += 1;
      this.linesTotal += 1;
      this.tail.push({ ...line, n: this.level === "" ? this.total : 0 });
    }
    if (this.tail.length > TAIL_MAX) {
      this.pages.delete(Math.floor(this.tailAt / PAGE_ROWS));
      const dropped = this.tail.length - TAIL_MAX / 2;
      this.tail.splice(0, dropped);
      this.tailAt += dropped;
    }
    this.telling ??= setTimeout(() => {
      this.telling = null;
      this.tell();
    }, TELL_MS);
  }

  private tell(): void {
    this.version += 1;
    for (const listener of [...this.listeners]) listener();
  }
}
