/** Exercises that were chosen for a session and have no set yet: nothing the server need know, but not to be lost by a reload. */
import { store } from './db';

const key = (session_id: string): string => `extra:${session_id}`;

export async function extraOf(session_id: string): Promise<string[]> {
  return ((await store().meta.get(key(session_id)))?.value as string[] | undefined) ?? [];
}

export async function addExtra(session_id: string, exercise_id: string): Promise<void> {
  const extra = await extraOf(session_id);
  if (!extra.includes(exercise_id)) await store().meta.put({ key: key(session_id), value: [...extra, exercise_id] });
}

export async function dropExtra(session_id: string, exercise_id: string): Promise<void> {
  const extra = await extraOf(session_id);
  await store().meta.put({ key: key(session_id), value: extra.filter((each) => each !== exercise_id) });
}
