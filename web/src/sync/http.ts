import { learnRefusals, Unreachable, WEB_HEADERS, type Problem } from '../api/client';

export { Unreachable };

// A connection that says nothing must not hold the other tabs up for ever.
const PATIENCE_MS = 60_000;

/** The server answered, and not with what was asked for. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

/** Asks the server; `etag` makes it answer null where nothing is new. */
export async function ask<T>(path: string, { body, etag }: { body?: unknown; etag?: string } = {}): Promise<{ answer: T | null; etag: string | null }> {
  const headers = { ...WEB_HEADERS, 'content-type': 'application/json', ...(etag ? { 'if-none-match': etag } : {}) };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(path, { ...sent, headers, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
    answer = response.status === 304 ? null : await response.json();
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (response.ok || response.status === 304) return { answer: answer as T | null, etag: response.headers.get('etag') };
  if (response.status < 500 && typeof (answer as Problem | null)?.type === 'string') {
    await learnRefusals();
    throw new Refused({ ...(answer as Problem), status: response.status });
  }
  throw new Unreachable(`${response.status}`);
}
