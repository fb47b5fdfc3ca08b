/** Reads lines of JSON as they come over one long answer. */
import type { Line } from "./log-queries";

type Heard = (lines: Omit<Line, "n">[]) => void;

/** Resolves with true when the log has ended, with false when the connection broke or was given up. */
export async function followed(url: string, signal: AbortSignal, heard: Heard): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal });
    if (!answer.ok || !answer.body) return false;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      const rows = (rest + value).split("\n");
      rest = rows.pop() ?? "";
      const lines = rows.flatMap(entry);
      if (lines.length > 0) heard(lines);
    }
  } catch {
    return false;
  }
}

function entry(row: string): Omit<Line, "n">[] {
  if (row === "") return [];
  const found: unknown = JSON.parse(row);
  if (typeof found !== "object" || found === null) return [];
  const text = (key: string) => (key in found ? String(found[key as keyof typeof found]) : "");
  return [
    {
      at: text("at"),
      level: text("level") || "info",
      src: text("src"),
      msg: text("msg"),
      logger: text("logger"),
      more: text("more") === "true",
      lost: Number(text("lost") || 0),
      task_id: text("task_id"),
      attempt: Number(text("attempt") || 0),
    },
  ];
}
