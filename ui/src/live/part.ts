/**
 * Parts of the page that are loaded when they are needed. One that cannot come, because the server is away or serves a
 * newer build by now, brings the page anew as soon as the server answers: all of its state stands in its address.
 */
import { address } from "../api/address";
import { liveSource } from "./hub";

const KEY = "potok.reloaded";
/** A part that is still missing after a reload is a mistake of ours, and the page says so. */
const RELOAD_EVERY_MS = 30_000;

export function part<Part>(load: () => Promise<Part>): () => Promise<Part> {
  return () => load().catch(anew<Part>);
}

async function anew<Part>(error: unknown): Promise<Part> {
  if (!(await answers())) await liveAgain();
  if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < RELOAD_EVERY_MS) throw error;
  sessionStorage.setItem(KEY, String(Date.now()));
  location.reload();
  return new Promise(() => undefined);
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch(address("healthz"), { cache: "no-store" })).status < 500;
  } catch {
    return false;
  }
}

/** The stream may not have noticed yet that the server is away: its next beginning counts. */
function liveAgain(): Promise<void> {
  const source = liveSource();
  const before = JSON.stringify(source.connection());
  return new Promise((done) => {
    const stop = source.onConnection(() => {
      const now = source.connection();
      if (now.state !== "live" || JSON.stringify(now) === before) return;
      stop();
      done();
    });
  });
}
