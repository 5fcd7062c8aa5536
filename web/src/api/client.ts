import createClient from 'openapi-fetch';
import type { paths } from './schema';

/** One wrong field. */
export interface FieldProblem {
  pointer: string;
  detail: string;
  code?: string;
  values?: Record<string, unknown>;
}

/** What the API answers when it refuses (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** The detail as data, and what stands in it (i18n/said.ts). */
  code?: string;
  values?: Record<string, unknown>;
  errors?: FieldProblem[];
  [extra: string]: unknown;
}

// What marks a write as our own page's: the cookie alone may not write.
export const WEB_HEADERS = { 'x-reptrail-web': '1' };

/** There was no answer, or not one of Reptrail's: no signal, a server that is down, a hotel's page that wants a room number. */
export class Unreachable extends Error {}

// A server that hangs must not hold a screen up for ever. A file that comes in may take its time.
const PATIENCE_MS = 60_000;
const LONG_MS = 600_000;
const patience = (url: string): number => (/\/imports|\/export/.test(url) ? LONG_MS : PATIENCE_MS);

/** A request; throws Unreachable where there is no answer, which is then told from a bug of ours. */
export async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(patience(request.url)) });
    if (!response.ok) await learnRefusals();
    return response;
  } catch (error) {
    throw new Unreachable(String(error));
  }
}

export const api = createClient<paths>({ baseUrl: '/', headers: WEB_HEADERS, fetch: reach });

/** How refusals are said: in the server's words, until i18n/refusals.ts, which comes with the first of them, knows better ones. */
export const telling = {
  detail: (of: Partial<FieldProblem>): string | undefined => of.detail,
  title: (of: Partial<Problem>): string | undefined => of.title,
};

/** Fetches the words of refusals; where they cannot be had the server's do. */
export const learnRefusals = (): Promise<unknown> => import('../i18n/refusals').catch(() => undefined);

/** What is wrong with a field, as the words to show. */
export const fieldWords = (error: FieldProblem): string => telling.detail(error) ?? '';

/** A problem as the words to show: its detail, else its title; then what is wrong with fields, each thing once. */
export function words(problem: unknown): string {
  const told = problem as Partial<Problem> | undefined;
  const fields = (told?.errors ?? []).map(fieldWords);
  return [...new Set([(told && (telling.detail(told) ?? telling.title(told))) ?? String(problem), ...fields])].join(' · ');
}
