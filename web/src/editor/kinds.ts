/** What can be edited: a program, and a workout by itself, which the editor takes as a program of one workout without days. */
import type { Problem } from '../api/client';
import { t, type Key } from '../i18n';
import { account } from '../store/account.svelte';
import { readSession } from '../store/reading';
import { habitsOf } from '../store/drafts';
import { readWorkout, type Told } from '../store/workouts';
import { blank, bodyOf, draftOf, type Draft, type Program } from './draft';
import { instructionsFrom } from './from-session';
import { createProgram, fetchWorkout, putProgram, readProgram, saveWorkout, type Answer } from './server';

type Said = 'title' | 'titleNew' | 'publish' | 'publishNext' | 'stateNew' | 'statePublished' | 'stateKept' | 'faults' | 'notSent' | 'elsewhere' | 'builtIn' | 'foreign';

export interface Kind {
  readonly name: 'program' | 'workout';
  /** Whose it is, where it is an athlete's whom one coaches. */
  readonly athlete: string | null;
  /** Where a draft of a new one is kept. */
  readonly fresh: string;
  readonly words: Readonly<Record<Said, Key>>;
  /** What a new one begins with; `published` is what discarding leads back to. */
  begin: () => Promise<{ published: Draft; draft: Draft }>;
  read: (id: string) => Promise<Answer | null>;
  /** A new one, or (with the version it was based on) the next revision. */
  save: (id: string, draft: Draft, version: number | null) => Promise<Answer | null>;
}

export const programKind = (athlete: string | null): Kind => ({
  name: 'program',
  athlete,
  fresh: 'new',
  words: {
    title: 'editor.title', titleNew: 'editor.titleNew', publish: 'editor.publish', publishNext: 'editor.publishNext', stateNew: 'editor.stateNew', statePublished: 'editor.statePublished',
    stateKept: 'editor.stateKept', faults: 'editor.faults', notSent: 'editor.notSent', elsewhere: 'editor.elsewhere', builtIn: 'editor.builtIn', foreign: 'editor.foreign',
  },
  begin: async () => {
    const draft = blank((key) => t('editor.workoutNamed', { key }));
    return { published: draft, draft };
  },
  read: (id) => readProgram(id, athlete),
  save: (id, draft, version) => (version === null ? createProgram(id, bodyOf(draft)) : putProgram(id, athlete, bodyOf(draft), version)),
});

/** What a new workout is made from: a session that was trained, or another workout. */
export type From = { session: string } | { of: string } | null;

export const workoutKind = (from: From): Kind => ({
  name: 'workout',
  athlete: null,
  fresh: !from ? 'new' : 'session' in from ? `new:session:${from.session}` : `new:of:${from.of}`,
  words: {
    title: 'workouts.edit', titleNew: 'workouts.new', publish: 'save', publishNext: 'workouts.saveChanges', stateNew: 'editor.stateNew', statePublished: 'workouts.stateSaved',
    stateKept: 'workouts.stateKept', faults: 'workouts.faults', notSent: 'workouts.notSent', elsewhere: 'workouts.elsewhere', builtIn: 'workouts.builtIn', foreign: 'workouts.foreign',
  },
  begin: async () => {
    const published = alone({ workout_name: t('workouts.untitled'), description: '' });
    const draft = !from ? published : 'session' in from ? await fromSession(from.session) : await copyOf(from.of);
    return { published, draft: draft ?? published };
  },
  read: readHereOrThere,
  save: async (id, draft, version) => {
    const { workout_name, description, instructions } = bodyOf(draft).workouts[0]!;
    return told(await saveWorkout(id, { workout_name: workout_name!, description: description ?? null, is_public: draft.is_public, instructions: instructions! }, version));
  },
});

/** A draft of one workout; its short name is shown nowhere. */
const alone = (workout: Pick<Draft['workouts'][number], 'workout_name' | 'description'> & Partial<Draft['workouts'][number]>): Draft => {
  const draft = blank(() => '');
  return { ...draft, days: [], workouts: [{ ...draft.workouts[0]!, ...workout }] };
};

/** A workout as the editor takes it. */
export const asProgram = (workout: Told): Program =>
  ({
    ...workout, program_name: '', days: [], description: null,
    workouts: [{ ...workout, workout_key: 'A', workout_id: workout.id, workout_revision: workout.revision, kind: 'PROGRAM' }],
  }) as unknown as Program;

/** As the server has it; where it cannot be reached, as this device does. */
async function readHereOrThere(id: string): Promise<Answer | null> {
  const answer = await fetchWorkout(id);
  if (answer) return told(answer);
  const here = await readWorkout(id);
  return here && { data: asProgram(here) };
}

function told(answer: Answer<Told> | null): Answer | null {
  if (!answer) return null;
  if (answer.data) return { data: asProgram(answer.data) };
  const problem = answer.problem!;
  const current = problem['current'] as Told | null | undefined;
  // What is wrong is told by its place in the workout, which is the only one of the draft.
  const errors = problem.errors?.map((each) => ({ ...each, pointer: /^\/(instructions|workout_name|description)\b/.test(each.pointer) ? `/workouts/0${each.pointer}` : each.pointer }));
  return { problem: { ...problem, ...(errors ? { errors } : {}), ...(current ? { current: asProgram(current) } : {}) } as Problem };
}

async function copyOf(id: string): Promise<Draft | null> {
  const found = (await readHereOrThere(id))?.data;
  if (!found) return null;
  const draft = draftOf(found);
  const own = found.user_id === account.user?.id;
  return { ...draft, is_public: false, workouts: draft.workouts.map((each) => ({ ...each, workout_name: own ? t('editor.copyOf', { name: each.workout_name }).slice(0, 120) : each.workout_name })) };
}

async function fromSession(id: string): Promise<Draft | null> {
  const view = await readSession(id);
  if (!view) return null;
  const done = view.entries.filter((entry) => entry.sets.length);
  const rests = await Promise.all(done.map(async (entry) => (await habitsOf(entry.exercise_id)).rest_seconds ?? null));
  return alone({ workout_name: view.name.slice(0, 120), description: '', instructions: instructionsFrom(done, rests, t('exercise.unknown')) });
}
