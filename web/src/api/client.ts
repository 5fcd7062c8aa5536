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
export const api = createClient<paths>({ baseUrl: '/', headers: WEB_HEADERS });

/** A problem as the words to show: its detail, else its title; then each wrong field. */
export function words(problem: unknown): string {
  const told = problem as Partial<Problem> | undefined;
  const fields = (told?.errors ?? []).map((error) => error.detail);
  return [told?.detail ?? told?.title ?? String(problem), ...fields].join(' · ');
}
