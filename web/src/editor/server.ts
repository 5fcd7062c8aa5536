/** The routes behind the editor: one's own programs and workouts, or the program of an athlete whom one coaches. */
import { api, type Problem } from '../api/client';
import type { components } from '../api/schema';
import { store } from '../store/db';
import { poke, settled } from '../sync/engine';
import { sync } from '../sync/state.svelte';
import type { Program } from './draft';

type Schemas = components['schemas'];
/** What came back, or why not. */
export type Answer<T = Program> = { data?: T; problem?: Problem };

/** Null where the server could not be reached. */
async function asked<T = Program>(ask: () => Promise<{ data?: unknown; error?: unknown }>): Promise<Answer<T> | null> {
  try {
    const { data, error } = await ask();
    return data ? { data: data as T } : { problem: error as Problem };
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

export const createProgram = (id: string, body: Schemas['ProgramPut']): Promise<Answer | null> => asked(() => api.POST('/api/v1/programs', { body: { ...body, id } }));

/** The next revision, unless somebody else published one after this version. */
export function putProgram(program_id: string, athlete: string | null, body: Schemas['ProgramPut'], version: number): Promise<Answer | null> {
  const header = { 'If-Match': `"${version}"` };
  return asked(() =>
    athlete
      ? api.PUT('/api/v1/athletes/{athlete}/programs/{program_id}', { params: { path: { athlete, program_id }, header }, body })
      : api.PUT('/api/v1/programs/{program_id}', { params: { path: { program_id }, header }, body }),
  );
}

type Workout = Schemas['WorkoutOut'];
export const fetchWorkout = (workout_id: string): Promise<Answer<Workout> | null> => asked(() => api.GET('/api/v1/workouts/{workout_id}', { params: { path: { workout_id } } }));

/** A new workout, or (with the version it was based on) the next revision of one. */
export const saveWorkout = (workout_id: string, body: Schemas['WorkoutPut'], version: number | null): Promise<Answer<Workout> | null> =>
  asked(() =>
    version === null
      ? api.POST('/api/v1/workouts', { body: { ...body, id: workout_id } })
      : api.PUT('/api/v1/workouts/{workout_id}', { params: { path: { workout_id }, header: { 'If-Match': `"${version}"` } }, body }),
  );

/** Sees to it that the server has the exercises that were made on this device, which a program or a workout may name. */
export async function sendExercises(): Promise<void> {
  if (!sync.reachable || !(await store().outbox.filter((each) => each.table === 'exercise' && each.state === 'waiting').count())) return;
  poke();
  await settled();
}

export const isKind = (problem: Problem | undefined, slug: string): boolean => problem?.type.endsWith(`:${slug}`) ?? false;
