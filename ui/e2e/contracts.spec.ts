import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PotokServer } from "./harness/server";
import { expect, open, test } from "./harness/test";

const repository = resolve(import.meta.dirname, "../..");

/** The analysis of a 1C configuration in a workspace of its own; `nothing` is a source without a file. */
async function analysis(): Promise<PotokServer> {
  const folder = mkdtempSync(join(tmpdir(), "potok-e2e-analysis-"));
  try {
    mkdirSync(join(folder, "dags"));
    mkdirSync(join(folder, "nothing"));
    writeFileSync(join(folder, "potok.toml"), "[pools]\nedt_analysis = 2\n");
    writeFileSync(join(folder, "dags/edt_analysis.toml"), 'path = "trade"\n');
    cpSync(join(repository, "onec/workflows/edt_analysis.py"), join(folder, "dags/edt_analysis.py"));
    execFileSync(join(repository, ".venv/bin/python"), ["-m", "potok_onec.testing", join(folder, "trade")]);
    return await PotokServer.start({ workspace: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("contracts stand on the run's page, found beside wanted; a broken one is named where people look first", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const potok = await analysis();
  try {
    await potok.until("the DAG file is read", async () => Boolean(await potok.get("dags/edt_analysis")));
    const green = await potok.run("edt_analysis", { quick: true });
    const red = await potok.run("edt_analysis", { path: "nothing" });
    await open(page, potok, `runs/${green.run_id}?task=dependencies`);
    await expect(page.getByText(/modules looked at \d+ wanted \d+/).first()).toBeVisible();
    await page.goto(`${potok.url}/runs/${green.run_id}?task=docs`);
    await expect(page.getByText("a quick run has parse, architecture, dependencies only").first()).toBeVisible();

    await page.goto(`${potok.url}/runs/${red.run_id}`);
    await expect(page.getByText(/projects: 0, wanted at least 1/).first()).toBeVisible();
    await expect(page.getByText(/projects 0 wanted at least 1/).first()).toBeVisible();
  } finally {
    await potok.dispose();
  }
});
