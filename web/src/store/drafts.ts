/** What is true of a workout on this device alone, and not to be lost by a reload: nothing the server need know. */
import { store } from './db';

/** How the exercises of a session were rearranged, by the keys of its entries. */
export interface Arrangement {
  /** Exercises that were added and have no set yet. */
  extra: string[];
  /** What is done in the place of what was planned. */
  swapped: Record<string, string>;
  /** What was taken out. */
  left_out: string[];
}

const NONE: Arrangement = { extra: [], swapped: {}, left_out: [] };

async function read<T>(key: string, otherwise: T): Promise<T> {
  return ((await store().meta.get(key))?.value as T | undefined) ?? otherwise;
}

export const arrangementOf = (session_id: string): Promise<Arrangement> => read(`arrangement:${session_id}`, NONE);

async function rearrange(session_id: string, change: (from: Arrangement) => Partial<Arrangement>): Promise<void> {
  const { meta } = store();
  await store().transaction('rw', meta, async () => {
    const from = await arrangementOf(session_id);
    await meta.put({ key: `arrangement:${session_id}`, value: { ...from, ...change(from) } });
  });
}

const without = (all: string[], one: string): string[] => all.filter((each) => each !== one);

export const addExercise = (session_id: string, exercise_id: string): Promise<void> =>
  rearrange(session_id, ({ extra, left_out }) => ({ extra: [...without(extra, exercise_id), exercise_id], left_out: without(left_out, exercise_id) }));

/** Takes an exercise without sets out of a session, or puts it back. */
export const leaveOut = (session_id: string, key: string): Promise<void> => rearrange(session_id, ({ left_out }) => ({ left_out: [...without(left_out, key), key] }));
export const putBack = (session_id: string, key: string): Promise<void> => rearrange(session_id, ({ left_out }) => ({ left_out: without(left_out, key) }));

/** Does another exercise in the place of one; `null` is the planned one again. */
export const swap = (session_id: string, key: string, exercise_id: string | null): Promise<void> =>
  rearrange(session_id, ({ swapped, left_out }) => {
    const { [key]: _, ...others } = swapped;
    return { swapped: exercise_id === null ? others : { ...others, [key]: exercise_id }, left_out: exercise_id === null ? left_out : without(left_out, exercise_id) };
  });

/** What stands in the form of a set that is not logged yet. */
export interface SetDraft {
  /** How many sets there were when it was typed: after another one it is of no use. */
  after: number;
  values: Record<string, unknown>;
}

const draftKey = (session_id: string, key: string): string => `draft:${session_id}:${key}`;
export const draftOf = (session_id: string, key: string): Promise<SetDraft | null> => read(draftKey(session_id, key), null);

export async function keepDraft(session_id: string, key: string, draft: SetDraft | null): Promise<void> {
  if (draft) await store().meta.put({ key: draftKey(session_id, key), value: draft });
  else await store().meta.delete(draftKey(session_id, key));
}

/** What is being written of an exercise in a session. */
const noteKey = (session_id: string, key: string): string => draftKey(session_id, `note:${key}`);
export const noteDraft = (session_id: string, key: string): Promise<string | null> => read(noteKey(session_id, key), null);

export async function keepNote(session_id: string, key: string, text: string | null): Promise<void> {
  if (text === null) await store().meta.delete(noteKey(session_id, key));
  else await store().meta.put({ key: noteKey(session_id, key), value: text });
}

/** What is being said of a session, and is not sent off yet. */
const saidKey = (session_id: string): string => `saying:${session_id}`;
export const saidDraft = (session_id: string): Promise<string> => read(saidKey(session_id), '');

export async function keepSaid(session_id: string, text: string): Promise<void> {
  if (text) await store().meta.put({ key: saidKey(session_id), value: text });
  else await store().meta.delete(saidKey(session_id));
}

/** What of one's own is being said in other words. */
export interface Rewording {
  id: string;
  text: string;
}

export const rewordDraft = (session_id: string): Promise<Rewording | null> => read<Rewording | null>(`rewording:${session_id}`, null);

export async function keepReword(session_id: string, words: Rewording | null): Promise<void> {
  if (words) await store().meta.put({ key: `rewording:${session_id}`, value: words });
  else await store().meta.delete(`rewording:${session_id}`);
}

/** The session is over: nothing of this is needed any more. */
export async function dropDrafts(session_id: string): Promise<void> {
  await store().meta.where('key').startsWith(`draft:${session_id}:`).delete();
  await store().meta.delete(`finish:${session_id}`);
}

/** What stands in the form of a session that is being finished. */
export const finishDraft = (session_id: string): Promise<Record<string, unknown> | null> => read(`finish:${session_id}`, null);
export const keepFinish = async (session_id: string, value: Record<string, unknown>): Promise<void> => void (await store().meta.put({ key: `finish:${session_id}`, value }));

/** What stands in a form that is not saved, by what it makes or changes. */
const formKey = (key: string): string => `form:${key}`;
export const formDraft = (key: string): Promise<Record<string, unknown> | null> => read(formKey(key), null);

export async function keepForm(key: string, fields: Record<string, unknown> | null): Promise<void> {
  if (fields) await store().meta.put({ key: formKey(key), value: fields });
  else await store().meta.delete(formKey(key));
}

/** How the athlete does an exercise on this device. */
export interface Habits {
  unit?: 'kg' | 'lb';
  distance?: 'm' | 'km';
  rest_seconds?: number;
}

export const habitsOf = (exercise_id: string): Promise<Habits> => read(`habits:${exercise_id}`, {});

export async function keepHabits(exercise_id: string, habits: Habits): Promise<void> {
  const { meta } = store();
  await store().transaction('rw', meta, async () => {
    await meta.put({ key: `habits:${exercise_id}`, value: { ...(await habitsOf(exercise_id)), ...habits } });
  });
}

/** What is being written of a program or a workout and not published yet: by what it is, whose, and its id. */
export type Place = readonly [kind: 'program' | 'workout', athlete: string, id: string];
const textKey = (place: Place): string => place.join(':');
export const textDraft = <T>(place: Place): Promise<T | null> => read<T | null>(textKey(place), null);

export async function keepTextDraft(place: Place, draft: object | null): Promise<void> {
  if (draft) await store().meta.put({ key: textKey(place), value: draft });
  else await store().meta.delete(textKey(place));
}

/** The drafts of one's own workouts, by their ids. */
export async function workoutDrafts<T>(): Promise<{ id: string; kept: T }[]> {
  const start = textKey(['workout', 'me', '']);
  return (await store().meta.where('key').startsWith(start).toArray()).map(({ key, value }) => ({ id: key.slice(start.length), kept: value as T }));
}
