/** A real `potok up` in a workspace of its own: started, asked, killed, started again on the same port, and cleaned up. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { components } from "../../src/api/schema.gen";

export type Schemas = components["schemas"];
export type Run = Schemas["Run"];
export type TaskInstance = Schemas["TaskInstance"];
export type Attempt = Schemas["Attempt"];

const repository = resolve(import.meta.dirname, "../../..");
const potok = join(repository, ".venv/bin/potok");
const START_MAX_MS = 30_000;
const RUN_MAX_MS = 60_000;

export interface ServerOptions {
  /** A folder below e2e/workspaces, or an absolute path to one that holds `potok.toml` and `dags`. It is copied. */
  workspace: string;
  /** More POTOK_* variables. */
  settings?: Record<string, string>;
  /** `/potok`: every address begins with it. */
  prefix?: string;
}

export class PotokServer {
  readonly folder: string;
  url = "";
  /** Opens a session by one click; valid for some minutes after the start. */
  loginLink = "";
  token = "";
  private process: ChildProcess | null = null;
  private port = 0;
  private log = "";

  private constructor(private readonly options: ServerOptions) {
    this.folder = mkdtempSync(join(tmpdir(), "potok-e2e-"));
  }

  static async start(options: ServerOptions): Promise<PotokServer> {
    const server = new PotokServer(options);
    const source = resolve(import.meta.dirname, "../workspaces", options.workspace);
    if (!existsSync(source)) throw new Error(`There is no workspace ${source}.`);
    cpSync(source, server.folder, { recursive: true });
    await server.up();
    return server;
  }

  /** Starts it again after `kill` or `stop`: same home, same port. */
  async up(): Promise<void> {
    const env: Record<string, string | undefined> = { ...process.env, NO_COLOR: "1" };
    for (const name of Object.keys(env)) if (name.startsWith("POTOK_")) delete env[name];
    env.POTOK_HOME = join(this.folder, ".potok");
    if (this.options.prefix) env.POTOK_PATH_PREFIX = this.options.prefix;
    Object.assign(env, this.options.settings);
    const child = spawn(potok, ["up", "--json", "--port", String(this.port)], {
      cwd: this.folder,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    child.stderr.on("data", (data: Buffer) => {
      this.log = (this.log + data.toString()).slice(-20_000);
    });
    const facts = JSON.parse(await this.firstLine(child)) as { url: string; login: string };
    this.url = facts.url.replace(/\/$/, "");
    this.loginLink = facts.login;
    this.port = Number(new URL(this.url).port);
    this.token = readFileSync(join(this.folder, ".potok/token"), "utf8").trim();
    await this.until("it answers", async () => (await fetch(`${this.url}/api/v1/dags?limit=1`, this.head())).ok);
  }

  get pid(): number {
    if (!this.process?.pid) throw new Error("The server does not run.");
    return this.process.pid;
  }

  /** kill -9, as a power cut would: nothing is said to anybody. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** An orderly stop. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends whatever is left and deletes the workspace. */
  async dispose(): Promise<void> {
    const pid = this.process?.pid;
    await this.end("SIGTERM");
    if (pid) signal(-pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** kill -9 for the worker process in which this task runs now. */
  async killWorkerOf(run: string, task: string): Promise<void> {
    let pid = 0;
    await this.until(`${task} runs in a worker`, async () => {
      const attempts = await this.get<{ items: Attempt[] }>(`runs/${run}/tasks/${task}/attempts`);
      const workers = await this.get<Schemas["Workers"]>("workers");
      const current = attempts.items.at(-1);
      pid = workers.items.find((one) => one.attempt_id === current?.attempt_id)?.pid ?? 0;
      return pid > 0;
    });
    signal(pid, "SIGKILL");
  }

  // --- the API ----------------------------------------------------------------------------------------------------
  async get<T>(path: string): Promise<T> {
    return (await this.call("GET", path)) as T;
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return (await this.call("POST", path, body)) as T;
  }

  async put<T>(path: string, body: unknown): Promise<T> {
    return (await this.call("PUT", path, body)) as T;
  }

  /** Starts a run; its id. */
  async trigger(dag: string, params: Record<string, unknown> = {}, note = ""): Promise<string> {
    return (await this.post<Run>(`dags/${dag}/runs`, { params, note })).run_id;
  }

  /** The run once it has ended. */
  async ended(run: string): Promise<Run> {
    const giveUp = Date.now() + RUN_MAX_MS;
    for (;;) {
      const found = await this.get<Run>(`runs/${run}?wait=20`);
      if (found.ended_at) return found;
      if (Date.now() > giveUp) throw new Error(`Run ${run} is still ${found.state} after ${RUN_MAX_MS / 1000} s.`);
    }
  }

  /** Triggers a run and waits for its end. */
  async run(dag: string, params: Record<string, unknown> = {}, note = ""): Promise<Run> {
    return this.ended(await this.trigger(dag, params, note));
  }

  /** Waits until the task is in that state. */
  async reaches(run: string, task: string, state: TaskInstance["state"]): Promise<void> {
    await this.until(`${task} is ${state}`, async () => {
      const found = await this.get<{ items: TaskInstance[] }>(`runs/${run}/tasks?limit=500`);
      return found.items.some((one) => one.task_id === task && one.state === state);
    });
  }

  /** Waits for `met`, a few looks a second. */
  async until(what: string, met: () => Promise<boolean>): Promise<void> {
    const giveUp = Date.now() + START_MAX_MS;
    while (!(await met().catch(() => false))) {
      if (Date.now() > giveUp) throw new Error(`Waited ${START_MAX_MS / 1000} s in vain until ${what}.\n${this.log}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: { ...this.head().headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  private head(): { headers: Record<string, string> } {
    return { headers: { Authorization: `Bearer ${this.token}` } };
  }

  private firstLine(child: ChildProcess): Promise<string> {
    return new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error(`potok up said nothing:\n${this.log}`)), START_MAX_MS);
      child.once("exit", (code) => failed(new Error(`potok up ended with ${code}:\n${this.log}`)));
      child.once("error", failed);
      if (!child.stdout) throw new Error("The server has no stdout.");
      createInterface(child.stdout).once("line", (line) => {
        clearTimeout(late);
        done(line);
      });
    });
  }

  private async end(how: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = null;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((done) => child.once("exit", () => done()));
    signal(child.pid, how);
    const patience = setTimeout(() => child.pid && signal(-child.pid, "SIGKILL"), 15_000);
    await gone;
    clearTimeout(patience);
  }
}

function signal(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(pid, how);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
