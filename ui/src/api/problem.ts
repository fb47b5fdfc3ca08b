/** An error of the API as a value that pages can show: a sentence for people and what to do about it. */

export class ProblemError extends Error {
  /** `status` 0: the server was not reached. `field`: the path of the wrong value, such as `body.params.day`. */
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly field: string = "",
  ) {
    super(detail);
    this.name = "ProblemError";
  }

  get isLostSession(): boolean {
    return this.status === 401;
  }

  get isMissing(): boolean {
    return this.status === 404;
  }

  get isUnreachable(): boolean {
    return this.status === 0;
  }
}

/** What an error answer says; any text that is no problem document is shown as it is, shortened. */
export function problemOf(status: number, body: unknown): ProblemError {
  if (typeof body === "object" && body !== null && "detail" in body) {
    const field = "field" in body ? String(body.field) : "";
    return new ProblemError(status, String(body.detail), field);
  }
  return new ProblemError(status, typeof body === "string" && body ? body.slice(0, 500) : `HTTP ${status}`);
}

/** Whatever was thrown, as a ProblemError: a failed fetch is a server that was not reached. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  return new ProblemError(0, error instanceof Error ? error.message : String(error));
}
