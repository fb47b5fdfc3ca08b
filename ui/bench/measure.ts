/** What the bench's parts share: the served year, figures, frames. Values are told, never judged. */
import { appendFileSync, readFileSync } from "node:fs";
import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";

declare global {
  interface Window {
    /** When frames were drawn, and the next one asked for. */
    benchMarks: number[];
    benchFrame: number;
    /** How long tasks of the page's thread were that took more than 50 ms. */
    benchLong: number[];
    /** When a link was pressed, and when the page behind it stood there. */
    benchRoute: { pressed: number; drawn: number };
  }
}

export const url = wanted("BENCH_URL");
export const token = wanted("BENCH_TOKEN");

export interface Figure {
  name: string;
  unit: string;
  value: number;
  goal?: number;
  at_most?: boolean;
  note?: string;
}

/** One line of the answer that `make bench-ui` prints. */
export function tell(figure: Figure): void {
  const value = Math.round(figure.value * 100) / 100;
  appendFileSync(wanted("BENCH_ANSWERS"), `${JSON.stringify({ at_most: true, note: "", ...figure, value })}\n`);
}

function wanted(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this by \`make bench-ui\`.`);
  return value;
}

export async function api<T>(path: string, method = "GET", body?: unknown): Promise<T> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** The newest run of a DAG. */
export async function newest(dag: string, query = ""): Promise<string> {
  const found = await api<{ items: { run_id: string }[] }>(`runs?limit=1&dag_id=${dag}${query}`);
  const run = found.items[0];
  if (!run) throw new Error(`${dag} has no run.`);
  return run.run_id;
}

/** The one task of the year with a million lines: its run was started by hand "with all messages". */
export async function longLog(): Promise<{ run: string; task: string; lines: number }> {
  for (let cursor = ""; ; ) {
    const page = await api<{ items: { run_id: string; note: string }[]; next_cursor: string | null }>(
      `runs?limit=200&${cursor}`,
    );
    const run = page.items.find((one) => one.note === "with all messages")?.run_id;
    if (run !== undefined) {
      const tasks = await api<{ items: { task_id: string }[] }>(`runs/${run}/tasks?limit=1`);
      const task = tasks.items[0]?.task_id ?? "";
      const { lines } = await api<{ lines: number }>(`runs/${run}/tasks/${task}/logs/overview`);
      return { run, task, lines };
    }
    if (page.next_cursor === null) throw new Error("The year has no run with a long log.");
    cursor = `cursor=${encodeURIComponent(page.next_cursor)}`;
  }
}

/** A browser that has never been here, but is logged in. */
export async function fresh(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  const answer = await context.request.post(`${url}/login`, {
    headers: { "X-Potok-CSRF": "1", Origin: new URL(url).origin },
    data: { token },
  });
  expect(answer.status()).toBe(204);
  return context;
}

/** The page has its heading and nothing is being fetched for the first time any more. */
export async function ready(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll("[aria-busy=true]").length === 0);
}

export const median = (values: readonly number[]): number => rank(values, 0.5);

export function rank(values: readonly number[], share: number): number {
  const ordered = [...values].sort((one, other) => one - other);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? 0;
}

export interface Frames {
  /** Frames a second over the whole time. */
  fps: number;
  /** The longest wait for a frame in ms. */
  longest: number;
  /** The share of due frames (60 a second) that did not come, in percent. */
  dropped: number;
}

/** The longest task of the page's own thread while `act` goes on, in ms; 0 when none took 50 ms. */
export async function longestTask(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const long: number[] = [];
    window.benchLong = long;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) long.push(entry.duration);
    }).observe({ type: "longtask" });
  });
  await act();
  return page.evaluate(() => Math.max(0, ...window.benchLong));
}

/** Counts the frames that the page draws while `act` goes on. */
export async function frames(page: Page, act: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const marks: number[] = [];
    const mark = (at: number) => {
      marks.push(at);
      window.benchFrame = requestAnimationFrame(mark);
    };
    window.benchMarks = marks;
    window.benchFrame = requestAnimationFrame(mark);
  });
  await act();
  const marks = await page.evaluate(() => {
    cancelAnimationFrame(window.benchFrame);
    return window.benchMarks;
  });
  const gaps = marks.slice(1).map((at, index) => at - (marks[index] ?? at));
  const took = gaps.reduce((sum, gap) => sum + gap, 0);
  const due = took / (1000 / 60);
  return {
    fps: (gaps.length / took) * 1000,
    longest: Math.max(...gaps),
    dropped: Math.max(0, (1 - gaps.length / due) * 100),
  };
}

/** PSS of the server process in MB. */
export function serverMemory(): number {
  const text = readFileSync(`/proc/${wanted("BENCH_SERVER_PID")}/smaps_rollup`, "utf8");
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Keeps short tasks running and counts the changes that the server tells of, until `stop`. */
export class Ticking {
  private readonly aborted = new AbortController();
  private stopped = false;
  private readonly since = Date.now();
  private told = 0;

  /** `seconds`: how long each of the 400 steps of a run sleeps. */
  constructor(private readonly seconds: number) {
    void this.count();
    void this.keepRunning();
  }

  /** Changes a minute so far. */
  get rate(): number {
    return (this.told / (Date.now() - this.since)) * 60_000;
  }

  stop(): void {
    this.stopped = true;
    this.aborted.abort();
  }

  private async keepRunning(): Promise<void> {
    while (!this.stopped) {
      const run = await api<{ run_id: string }>("dags/ticks/runs", "POST", { params: { seconds: this.seconds } });
      let ended = false;
      while (!ended && !this.stopped)
        ended = (await api<{ ended_at: string | null }>(`runs/${run.run_id}?wait=5`)).ended_at !== null;
    }
  }

  private async count(): Promise<void> {
    const answer = await fetch(`${url}/api/v1/events`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: this.aborted.signal,
    });
    let rest = "";
    try {
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        const lines = (rest + part.value).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.startsWith("data: [")) this.told += JSON.parse(line.slice(6)).length;
      }
    } catch (error) {
      if (!this.stopped) throw error;
    }
  }
}
