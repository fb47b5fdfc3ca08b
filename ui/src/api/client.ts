/** The typed way to the API: `unwrap(api.GET("/runs/{run_id}", …))` yields the body or throws a ProblemError. */
import createClient from "openapi-fetch";
import { address } from "./address";
import { takeEarly } from "./early";
import { asProblem, problemOf } from "./problem";
import type { paths } from "./schema.gen";

export const api = createClient<paths>({
  baseUrl: address("api/v1"),
  headers: { "X-Potok-CSRF": "1" },
  fetch: (request) => takeEarly(request) ?? fetch(request),
  // Ids may hold slashes; one path segment stays one segment.
  pathSerializer: (template, values) =>
    template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? ""))),
});

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** Told once when the session has ended, so that the page can ask for the token. */
export const onLostSession: { tell: () => void } = { tell: () => undefined };

export async function unwrap<T>(request: Promise<Answered<T>>): Promise<T> {
  let answered: Answered<T>;
  try {
    answered = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw asProblem(error);
  }
  if (answered.response.ok) return answered.data as T;
  const problem = problemOf(answered.response.status, answered.error);
  if (problem.isLostSession) onLostSession.tell();
  throw problem;
}
