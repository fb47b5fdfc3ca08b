/** The workspace of `make run`, with its first two runs: one good, one that failed for a reason worth asking about. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { PotokServer } from "./server";

const repository = resolve(import.meta.dirname, "../../..");

/** Starts it; `dispose` of the server leaves nothing behind. The first runs are real trainings: about 20 s. */
export async function exampleServer(): Promise<PotokServer> {
  const folder = mkdtempSync(join(tmpdir(), "potok-e2e-examples-"));
  try {
    cpSync(join(repository, "examples"), folder, {
      recursive: true,
      // A DAG file that stands elsewhere in the repository comes along.
      dereference: true,
      filter: (path) => !/\/(\.potok|data|__pycache__)$/.test(path),
    });
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("POTOK_")));
    await promisify(execFile)(join(repository, ".venv/bin/python"), ["first_runs.py", "ml_training"], {
      cwd: folder,
      env,
    });
    return await PotokServer.start({ workspace: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
