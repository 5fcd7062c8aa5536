/** The routes behind the editor: one's own programs, or an athlete's whom one coaches. */
import { api, type Problem } from '../api/client';
import type { components } from '../api/schema';
import { store } from '../store/db';
import { poke, settled } from '../sync/engine';
import { sync } from '../sync/state.svelte';
import type { Program } from './draft';

type Put = components['schemas']['ProgramPut'];
type Answer = { data?: Program; problem?: Problem };

/** What came back, or why not; null where the server could not be reached. */
async function asked(ask: () => Promise<{ data?: unknown; error?: unknown }>): Promise<Answer | null> {
  try {
    const { data, error } = await ask();
    return data ? { data: data as Program } : { problem: error as Problem };
  } catch {
    return null;
  }
}

export const readProgram = (program_id: string, athlete: string | null): Promise<Answer | null> =>
  asked(() =>
    athlete
      ? api.GET('/api/v1/athletes/{athlete}/programs/{program_id}', { params: { path: { athlete, program_id } } })
      : api.GET('/api/v1/programs/{program_id}', { params: { path: { program_id } } }),
  );

export const createProgram = (id: string, body: Put): Promise<Answer | null> => asked(() => api.POST('/api/v1/programs', { body: { ...body, id } }));

/** The next revision, unless somebody else published one after this version. */
export function putProgram(program_id: string, athlete: string | null, body: Put, version: number): Promise<Answer | null> {
  const header = { 'If-Match': `"${version}"` };
  return asked(() =>
    athlete
      ? api.PUT('/api/v1/athletes/{athlete}/programs/{program_id}', { params: { path: { athlete, program_id }, header }, body })
      : api.PUT('/api/v1/programs/{program_id}', { params: { path: { program_id }, header }, body }),
  );
}

/** Sees to it that the server has the exercises that were made on this device, which a program may name. */
export async function sendExercises(): Promise<void> {
  if (!sync.reachable || !(await store().outbox.filter((each) => each.table === 'exercise' && each.state === 'waiting').count())) return;
  poke();
  await settled();
}

export const isKind = (problem: Problem | undefined, slug: string): boolean => problem?.type.endsWith(`:${slug}`) ?? false;
