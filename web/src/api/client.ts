import createClient from 'openapi-fetch';
import type { paths } from './schema';

/** What the API answers when it refuses (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
  [extra: string]: unknown;
}

// What marks a write as our own page's: the cookie alone may not write.
export const WEB_HEADERS = { 'x-reptrail-web': '1' };

/** There was no answer, or not one of Reptrail's: no signal, a server that is down, a hotel's page that wants a room number. */
export class Unreachable extends Error {}

/** A request; throws Unreachable where there is no answer, which is then told from a bug of ours. */
export async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

export const api = createClient<paths>({ baseUrl: '/', headers: WEB_HEADERS, fetch: reach });

/** A problem as the words to show: its detail, else its title; then each wrong field. */
export function words(problem: unknown): string {
  const told = problem as Partial<Problem> | undefined;
  const fields = (told?.errors ?? []).map((error) => error.detail);
  return [told?.detail ?? told?.title ?? String(problem), ...fields].join(' · ');
}
