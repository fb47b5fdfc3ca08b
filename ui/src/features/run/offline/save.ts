/** Gathers what the offline page of a run holds and hands it to the browser as a download. A chunk of its own. */
import type { QueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import type { TaskInstance } from "../../../api/schema";
import { plain, sentenceParts } from "../../../ui/sentence-parts";
import { changesQuery, overviewQuery, spansQuery, tasksQuery, windowQuery } from "../api/queries";
import { type ExcerptRow, exceptionRows, LINES_BEFORE, lineRows } from "../model/excerpt";
import { timelineOf } from "../model/timeline";
import type { RunStory } from "../model/types";
import { runFile } from "./run-file";
import { tokenSheet } from "./tokens";

export async function saveRun(client: QueryClient, story: RunStory, language: string, zone: string): Promise<void> {
  const run = story.run.run_id;
  const root = story.roots[0]?.task_id;
  const [tasks, spans, changes, log] = await Promise.all([
    client.fetchQuery(tasksQuery(run)),
    client.fetchQuery(spansQuery(run)),
    client.fetchQuery(changesQuery(run)).catch(() => null),
    root ? logAround(client, run, root).catch(() => []) : Promise.resolve([]),
  ]);
  const html = runFile({
    story,
    tasks,
    timeline: timeline(story, tasks, spans),
    changes,
    log,
    language,
    zone,
    now: new Date(),
    server: document.baseURI,
    css: tokenSheet(document.styleSheets),
    say: (sentence) =>
      plain(
        sentenceParts(sentence, language, (code, values) =>
          i18next.exists(`reasons:${code}`) ? String(i18next.t(`reasons:${code}` as never, values as never)) : null,
        ),
      ),
    word: (key, values) => String(i18next.t(key as never, values as never)),
  });
  download(`${run.replace(/[^\w.-]+/g, "_")}.html`, html);
}

async function logAround(client: QueryClient, run: string, task: string): Promise<ExcerptRow[]> {
  const overview = await client.fetchQuery(overviewQuery(run, task, undefined));
  const { exception } = overview;
  if (!exception) return lineRows((await client.fetchQuery(windowQuery(run, task, undefined, -40, 40))).items);
  const from = Math.max(1, exception.line - LINES_BEFORE * 3);
  const before = await client.fetchQuery(windowQuery(run, task, undefined, from, exception.line - from));
  return [...lineRows(before.items.filter((line) => line.n < exception.line)), ...exceptionRows(exception)];
}

function timeline(story: RunStory, tasks: TaskInstance[], spans: Parameters<typeof timelineOf>[0]["spans"]) {
  return timelineOf({
    tasks,
    spans,
    critical: story.critical_path,
    slack: story.slack_s,
    started: story.run.started_at,
    ended: story.run.ended_at,
    runState: story.run.state,
    now: Date.now(),
  });
}

function download(name: string, html: string): void {
  const url = URL.createObjectURL(new Blob([html], { type: "text/html;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
