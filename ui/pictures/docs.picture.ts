/** The pictures of the documentation, one of each screen: docs/pictures/<screen>.png. */
import { open, seeded, test } from "../e2e/harness/test";
import { picture } from "./picture";

const DOCS = "../docs/pictures";

test.use({ viewport: { width: 1280, height: 800 } });

test("one picture of each screen", async ({ page, ownPotok, complaints }) => {
  complaints.allow(/.*/);
  const potok = await ownPotok();
  const runs = await seeded(potok);
  const waiting = await potok.trigger("slow_watch", { seconds: 60 });
  await potok.reaches(waiting, "watch_1", "running");
  const screens: Record<string, string> = {
    now: "",
    dags: "dags",
    dag: "dags/orders_daily",
    "dag-runs": "dags/orders_daily/runs",
    "dag-durations": "dags/orders_daily/durations",
    "dag-schedule": "dags/orders_daily/schedule",
    "dag-code": "dags/orders_daily/code",
    "dag-trigger": "dags/orders_daily/trigger",
    run: `runs/${runs.failed}`,
    "run-gantt": `runs/${runs.good}?view=gantt`,
    logs: `runs/${runs.failed}/logs?task=load`,
    runs: "runs",
    waiting: `runs/${waiting}?why=watch_2`,
    workers: "workers",
    pools: "workers?tab=pools",
  };
  for (const [name, path] of Object.entries(screens)) {
    await open(page, potok, path);
    await picture(page, `${DOCS}/${name}.png`);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, potok, `runs/${runs.failed}`);
  await picture(page, `${DOCS}/run-phone.png`);
});
