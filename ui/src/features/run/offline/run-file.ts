/** A run as one page that asks nothing of anybody: no script, no link to a file, every text escaped. Pure. */
import type { Sentence, TaskInstance } from "../../../api/schema";
import { dayAndClock, duration, exact, number, percent } from "../../../time/format";
import type { ExcerptRow } from "../model/excerpt";
import { shortHash } from "../model/facts";
import type { Timeline } from "../model/timeline";
import type { RunChanges, RunStory } from "../model/types";
import { escaped } from "./escaped";
import { fileStyle } from "./file-style";
import { ganttPicture } from "./gantt-picture";

export interface FileInput {
  story: RunStory;
  tasks: readonly TaskInstance[];
  timeline: Timeline;
  changes: RunChanges | null;
  /** Rows of the log around the error of what blocks most. */
  log: readonly ExcerptRow[];
  language: string;
  zone: string;
  now: Date;
  server: string;
  /** Custom properties of both themes. */
  css: string;
  say: (sentence: Sentence) => string;
  /** A text of a catalogue: `run:file.why`. */
  word: (key: string, values?: Record<string, unknown>) => string;
}

const TASKS_MAX = 2_000;

export function runFile(input: FileInput): string {
  const { story, language, word, say } = input;
  const title = `${say(story.verdict)} · ${story.run.dag_id}`;
  const when = dayAndClock(language, new Date(story.run.logical_date), input.zone, input.now);
  return `<!doctype html>
<html lang="${language === "ru" ? "ru" : "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${input.css}${fileStyle}</style>
</head>
<body>
<p class="muted">${escaped(`${story.run.dag_id} / ${word("run:crumb.run", { when })}`)}<br><code>${escaped(story.run.run_id)}</code></p>
<h1 data-state="${escaped(story.run.state)}">${escaped(say(story.verdict))}</h1>
<p>${escaped(story.advice.map(say).join(". "))}</p>
${facts(input)}
${section(word("run:file.why"), logPart(input))}
${section(word("run:changes.title"), changesPart(input))}
${section(word("run:gantt.title"), ganttPicture(input.timeline, language))}
${section(word("run:file.tasks"), tasksPart(input))}
${section(word("run:file.params"), paramsPart(story.run.params))}
<p class="muted">${escaped(word("run:file.saved", { when: exact(language, input.now, input.zone), server: input.server }))}</p>
</body>
</html>
`;
}

function section(title: string, content: string): string {
  return content ? `<section><h2>${escaped(title)}</h2>${content}</section>` : "";
}

function facts({ story, word, language, zone, say }: FileInput): string {
  const { run } = story;
  const say_s = (seconds: number | null | undefined) =>
    seconds === null || seconds === undefined ? "" : duration(language, seconds);
  const rows: [string, string][] = [
    [word("run:facts.started"), run.started_at ? exact(language, new Date(run.started_at), zone) : ""],
    [word("run:facts.ended"), run.ended_at ? exact(language, new Date(run.ended_at), zone) : ""],
    [word("run:facts.took"), say_s(run.duration_s)],
    [word("run:facts.usually"), say_s(story.usual_s)],
    [word("run:facts.work"), say_s(story.work_s)],
    [word("run:facts.code"), shortHash(run.bundle)],
    [word("run:facts.startedBy"), say(story.cause)],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  return `<dl>${shown.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join("")}</dl>`;
}

function logPart({ log, story }: FileInput): string {
  if (log.length === 0) return "";
  const rows = log.map((row) => {
    const kind = row.kind === "line" && row.error ? "error" : row.kind;
    return `<span class="row" data-kind="${kind}">${escaped(row.text.replace(/\n+$/, ""))}\n</span>`;
  });
  const task = story.roots[0]?.task_id ?? "";
  return `<p><code>${escaped(task)}</code></p><pre>${rows.join("")}</pre>`;
}

function changesPart({ changes, word, language }: FileInput): string {
  if (!changes?.since) return "";
  const value = (one: unknown) =>
    typeof one === "number" ? number(language, one, 4) : one === null || one === undefined ? "–" : JSON.stringify(one);
  const rows: string[] = [];
  const row = (name: string, text: string) => rows.push(`<tr><th>${escaped(name)}</th><td>${text}</td></tr>`);
  for (const file of changes.files) {
    const lines = file.hunks.flatMap((hunk) =>
      hunk.lines.map((line) => `<span class="row" data-mark="${escaped(line[0] ?? " ")}">${escaped(line)}\n</span>`),
    );
    row(word("run:changes.code"), `<code>${escaped(file.path)}</code><pre>${lines.join("")}</pre>`);
  }
  for (const one of changes.settings)
    row(word("run:changes.settings"), escaped(`${one.name} · ${one.actor} · ${one.at}`));
  for (const result of changes.results) {
    const texts = result.values.map((one) => `${one.name} ${value(one.old)} → ${value(one.new)}`);
    row(`${word("run:changes.result")} ${result.task_id}`, escaped(texts.join("; ")));
  }
  for (const one of changes.params)
    row(word("run:changes.params"), escaped(`${one.name} ${value(one.old)} → ${value(one.new)}`));
  for (const one of changes.environment_change?.packages ?? [])
    row(word("run:changes.environment"), escaped(`${one.name} ${value(one.old)} → ${value(one.new)}`));
  for (const one of changes.lengths)
    row(
      word("run:changes.lengths"),
      escaped(`${one.task_id} ${duration(language, one.old_s)} → ${duration(language, one.new_s)}`),
    );
  return rows.length > 0
    ? `<table>${rows.join("")}</table><p class="muted">${escaped(word("run:changes.caveat"))}</p>`
    : "";
}

function tasksPart({ tasks, word, language, story }: FileInput): string {
  const heads = [word("run:list.task"), "", word("run:list.try"), word("run:list.took")];
  const rows = tasks.slice(0, TASKS_MAX).map((task) => {
    const share =
      story.run.duration_s && task.duration_s ? percent(language, task.duration_s / story.run.duration_s) : "";
    const cells = [
      task.task_id,
      word(`words:state.${task.state}`),
      task.try_number > 0 ? word("run:list.tryOf", { n: task.try_number, of: task.max_tries }) : "–",
      task.duration_s === null || task.duration_s === undefined
        ? "–"
        : `${duration(language, task.duration_s)} ${share}`,
    ];
    return `<tr data-state="${escaped(task.state)}">${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  const head = heads.map((name) => `<th>${escaped(name)}</th>`).join("");
  return `<table class="tasks"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function paramsPart(params: Record<string, unknown>): string {
  return Object.keys(params).length > 0 ? `<pre>${escaped(JSON.stringify(params, null, 2))}</pre>` : "";
}
