/** A reverse proxy that serves Potok below a path and nothing else: an address that leaves the path gets a 404. */
import { createServer, request, type Server } from "node:http";

export interface Proxy {
  url: string;
  /** Paths that were asked for outside of the prefix. */
  strays: string[];
  close(): Promise<void>;
}

export async function proxied(target: string, prefix: string): Promise<Proxy> {
  const to = new URL(target);
  const strays: string[] = [];
  const server = createServer((incoming, answer) => {
    const path = incoming.url ?? "/";
    if (!path.startsWith(`${prefix}/`)) {
      strays.push(path);
      answer.writeHead(404).end();
      return;
    }
    const passed = request(
      { host: to.hostname, port: to.port, path, method: incoming.method, headers: incoming.headers },
      (found) => {
        answer.writeHead(found.statusCode ?? 502, found.headers);
        found.pipe(answer);
      },
    );
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${portOf(server)}${prefix}`, strays, close: () => closed(server) };
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
