/** A reverse proxy before Potok that remembers what was asked. With a prefix it serves that path and nothing else. */
import { createServer, request, type Server } from "node:http";

export interface Proxy {
  url: string;
  /** Paths that were asked for outside of the prefix. */
  strays: string[];
  /** All other paths that were asked for, in order. */
  seen: string[];
  close(): Promise<void>;
}

export async function proxied(target: string, prefix = ""): Promise<Proxy> {
  const to = new URL(target);
  const strays: string[] = [];
  const seen: string[] = [];
  const server = createServer((incoming, answer) => {
    const path = incoming.url ?? "/";
    if (!path.startsWith(`${prefix}/`)) {
      strays.push(path);
      answer.writeHead(404).end();
      return;
    }
    seen.push(path);
    const passed = request(
      // A kept connection may be closed by the server just when it is used again.
      { agent: false, host: to.hostname, port: to.port, path, method: incoming.method, headers: incoming.headers },
      (found) => {
        answer.writeHead(found.statusCode ?? 502, found.headers);
        found.pipe(answer);
      },
    );
    passed.on("error", (error) => {
      if (answer.headersSent || answer.destroyed) answer.destroy();
      else answer.writeHead(502, { "Content-Type": "text/plain" }).end(String(error));
    });
    answer.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${portOf(server)}${prefix}`, strays, seen, close: () => closed(server) };
}

function portOf(server: Server): number {
  const found = server.address();
  if (found === null || typeof found === "string") throw new Error("The proxy does not listen.");
  return found.port;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}
