// The page's only way to the server: /api/v1 with the browser's session, and one live stream.

export const PREFIX = document.querySelector("meta[name=potok-prefix]").content;
const ROOT = `${PREFIX}/api/v1`;

export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function checked(response) {
  if (response.ok) return response;
  let detail = `${response.status} ${response.statusText}`;
  try { detail = (await response.json()).detail ?? detail; } catch { /* not a problem document */ }
  throw new Problem(response.status, detail);
}

export async function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = new URLSearchParams(given).toString();
  return (await checked(await fetch(`${ROOT}${path}${search ? `?${search}` : ""}`))).json();
}

export async function post(path, body = {}) {
  const headers = { "Content-Type": "application/json", "X-Potok-CSRF": "1" };
  const response = await checked(await fetch(`${ROOT}${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
  return response.status === 204 ? null : response.json();
}

export async function signIn(token) {
  const headers = { "Content-Type": "application/json" };
  await checked(await fetch(`${PREFIX}/login`, { method: "POST", headers, body: JSON.stringify({ token }) }));
}

/** Calls `each` with every batch of NDJSON objects until the stream ends or `signal` aborts it. */
export async function lines(path, query, signal, each) {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""));
  const response = await checked(await fetch(`${ROOT}${path}?${search}`, { signal }));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    const batch = parts.filter(Boolean).map((part) => JSON.parse(part));
    if (batch.length) each(batch);
  }
}

export const id = encodeURIComponent;
export const taskPath = (runId, taskId) => `/runs/${id(runId)}/tasks/${id(taskId)}`;

/** One stream for the whole page. `onBatch(events)`; `onState(isLive)`; `onGap()` when changes may have been missed. */
export function live({ onBatch, onState, onGap }) {
  let wasOpen = false;
  const source = new EventSource(`${ROOT}/events`);
  source.onopen = () => {
    onState(true);
    if (wasOpen) onGap();
    wasOpen = true;
  };
  source.onerror = () => onState(false);
  source.onmessage = (message) => {
    const events = JSON.parse(message.data);
    if (events.some((event) => event.type === "lagged")) onGap();
    else onBatch(events);
  };
  return source;
}
