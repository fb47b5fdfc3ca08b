/** Addresses below the server's <base>, so that a path prefix needs no build of its own. */

/** The path of <base>, with a slash at its end: `/` or `/potok/`. */
export function basePath(): string {
  return new URL(document.baseURI).pathname;
}

/** `path` without a slash at its start, such as `api/v1/runs`. */
export function address(path: string): string {
  return basePath() + path.replace(/^\//, "");
}
