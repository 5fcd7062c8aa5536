/** A program while it is edited: what it says, and every change of it as a pure function. Ids here are the draft's own. */
import type { components } from '../api/schema';
import { uuid7 } from '../domain/ids';
import { NOTHING, parse, write, type Asked } from './line';

type Schemas = components['schemas'];
export type Program = Schemas['ProgramOut'];
type InstructionOut = Schemas['InstructionOut'];
export type Tracks = Schemas['Tracks'];

export interface Instruction {
  id: string;
  exercise_id: string;
  exercise_name: string;
  tracks: Tracks;
  load: Schemas['SetLoad'];
  asked: Asked;
  notes: string;
  /** A line that was typed and is not understood yet: it must not be lost, nor published. */
  broken?: string;
}

export interface Workout {
  id: string;
  workout_key: string;
  workout_name: string;
  description: string;
  instructions: Instruction[];
  /** One of the catalogue, which is edited there. */
  catalog?: { workout_id: string; workout_revision: number };
}

export interface Day {
  id: string;
  day_name: string;
  day_notes: string;
  /** Ids of workouts, in their order. */
  workouts: string[];
}

export interface Draft {
  program_name: string;
  description: string;
  is_public: boolean;
  workouts: Workout[];
  days: Day[];
}

export const WEEK = 7;
export const MOST = { days: 1100, workouts: 60, perDay: 6, instructions: 100 } as const;
export type Step = (draft: Draft) => Draft;

const START: Partial<Record<Tracks, string>> = { DURATION: '3x45s r60', DURATION_WEIGHT: '3x45s r60', DISTANCE: '1x1km', DISTANCE_DURATION: '20min', DISTANCE_WEIGHT: '3x40m r90' };

/** What is asked of an exercise when nothing was said. */
export const usual = (tracks: Tracks): Asked => parse(START[tracks] ?? '3x8-12 r90').asked ?? NOTHING;

/** A new program: a workout, and a week that has it on its first day. */
export function blank(name: (key: string) => string): Draft {
  const workout: Workout = { id: uuid7(), workout_key: 'A', workout_name: name('A'), description: '', instructions: [] };
  const days = week();
  days[0]!.workouts = [workout.id];
  return { program_name: '', description: '', is_public: false, workouts: [workout], days };
}

const restDay = (): Day => ({ id: uuid7(), day_name: '', day_notes: '', workouts: [] });
const week = (): Day[] => Array.from({ length: WEEK }, restDay);

/** A program as it is published, to be edited. */
export function draftOf(program: Program): Draft {
  const ids = new Map(program.workouts.map((each) => [each.workout_key, uuid7()]));
  return {
    program_name: program.program_name, description: program.description ?? '', is_public: program.is_public,
    workouts: program.workouts.map((each) => ({
      id: ids.get(each.workout_key)!, workout_key: each.workout_key, workout_name: each.workout_name, description: each.description ?? '',
      instructions: each.instructions.map(instructionOf),
      ...(each.kind === 'CATALOG' ? { catalog: { workout_id: each.workout_id, workout_revision: each.workout_revision } } : {}),
    })),
    days: program.days.map((each) => ({ id: uuid7(), day_name: each.day_name ?? '', day_notes: each.day_notes ?? '', workouts: each.workouts.map((part) => ids.get(part.workout_key)!) })),
  };
}

function instructionOf(told: InstructionOut): Instruction {
  const asked = Object.fromEntries(Object.keys(NOTHING).map((name) => [name, told[name as keyof Asked] ?? null])) as unknown as Asked;
  return { id: uuid7(), exercise_id: told.exercise_id, exercise_name: told.exercise_name, tracks: told.tracks, load: told.load, asked, notes: told.instruction_notes ?? '' };
}

const orNull = (text: string): string | null => text.trim() || null;
const asBody = ({ exercise_id, asked, notes }: Instruction): Schemas['InstructionIn'] => ({ exercise_id, ...asked, instruction_notes: orNull(notes) });

/** The body that publishes it. */
export function bodyOf(draft: Draft): Schemas['ProgramPut'] {
  const keys = new Map(draft.workouts.map((each) => [each.id, each.workout_key]));
  return {
    program_name: draft.program_name, description: orNull(draft.description), is_public: draft.is_public,
    workouts: draft.workouts.map(({ workout_key, workout_name, description, instructions, catalog }) =>
      catalog
        ? { workout_key, workout_name: null, description: null, instructions: null, ...catalog }
        : { workout_key, workout_name, description: orNull(description), instructions: instructions.map(asBody), workout_id: null, workout_revision: null },
    ),
    days: draft.days.map((each) => ({ day_name: orNull(each.day_name), day_notes: orNull(each.day_notes), workouts: each.workouts.map((id) => keys.get(id)!) })),
  };
}

/** The program as its readers will see it. */
export function preview(draft: Draft): Program {
  const keys = new Map(draft.workouts.map((each) => [each.id, each]));
  const told = (each: Instruction, place: number): InstructionOut => ({
    ...each.asked, id: each.id, position: place + 1, exercise_id: each.exercise_id, exercise_name: each.exercise_name, tracks: each.tracks, load: each.load, instruction_notes: orNull(each.notes),
  });
  const { program_name, is_public } = draft;
  return {
    program_name, description: orNull(draft.description), is_public, day_count: draft.days.length,
    workouts: draft.workouts.map((each) => ({
      workout_key: each.workout_key, workout_id: each.id, workout_revision: 1, kind: 'PROGRAM', user_id: null, is_public: false, workout_name: each.workout_name, description: orNull(each.description),
      instructions: each.instructions.map(told),
    })),
    days: draft.days.map((each, place) => ({
      day_number: place + 1, day_name: orNull(each.day_name), day_notes: orNull(each.day_notes),
      workouts: each.workouts.map((id, position) => ({ position: position + 1, workout_key: keys.get(id)!.workout_key, workout_id: id, workout_revision: 1, workout_name: keys.get(id)!.workout_name })),
    })),
  } as Program;
}

/** Whether two say the same. */
export const sameText = (one: Draft, other: Draft): boolean => !isBroken(one) && JSON.stringify(bodyOf(one)) === JSON.stringify(bodyOf(other));
export const isBroken = (draft: Draft): boolean => draft.workouts.some((each) => each.instructions.some((part) => part.broken !== undefined));

// What follows changes a draft. Each answers a new one, which shares with the old what stayed.

const swapAt = <T>(all: T[], place: number, by: -1 | 1): T[] => {
  const other = place + by;
  if (place < 0 || other < 0 || other >= all.length) return all;
  const moved = [...all];
  [moved[place], moved[other]] = [moved[other]!, moved[place]!];
  return moved;
};
const after = <T extends { id: string }>(all: T[], id: string, one: T): T[] => all.flatMap((each) => (each.id === id ? [each, one] : [each]));

const mapWorkout = (id: string, change: (workout: Workout) => Workout): Step => (draft) => ({ ...draft, workouts: draft.workouts.map((each) => (each.id === id ? change(each) : each)) });
const mapDay = (id: string, change: (day: Day) => Day): Step => (draft) => ({ ...draft, days: draft.days.map((each) => (each.id === id ? change(each) : each)) });
const inWorkout = (id: string, change: (all: Instruction[]) => Instruction[]): Step => mapWorkout(id, (each) => ({ ...each, instructions: change(each.instructions) }));
const holder = (draft: Draft, instruction: string): Workout | undefined => draft.workouts.find((each) => each.instructions.some((part) => part.id === instruction));

export const edit = (fields: Partial<Draft>): Step => (draft) => ({ ...draft, ...fields });
export const editWorkout = (id: string, fields: Partial<Workout>): Step => mapWorkout(id, (each) => ({ ...each, ...fields }));
export const editDay = (id: string, fields: Partial<Day>): Step => mapDay(id, (each) => ({ ...each, ...fields }));

export const editInstruction = (id: string, fields: Partial<Instruction>): Step => (draft) => {
  const { broken, ...rest } = fields;
  const change = (each: Instruction): Instruction => {
    const { broken: _, ...kept } = each;
    return { ...kept, ...rest, ...(broken === undefined ? {} : { broken }) };
  };
  return { ...draft, workouts: draft.workouts.map((each) => (each.instructions.some((part) => part.id === id) ? { ...each, instructions: each.instructions.map((part) => (part.id === id ? change(part) : part)) } : each)) };
};

export const addInstruction = (workout: string, one: Instruction): Step => inWorkout(workout, (all) => [...all, one]);

/** Up or down; at the edge of a workout into the next one. */
export const moveInstruction = (id: string, by: -1 | 1): Step => (draft) => {
  const from = holder(draft, id);
  const place = from?.instructions.findIndex((each) => each.id === id) ?? -1;
  if (!from || place < 0) return draft;
  if (from.instructions[place + by]) return inWorkout(from.id, (all) => swapAt(all, place, by))(draft);
  const own = draft.workouts.filter((each) => !each.catalog);
  const to = own[own.indexOf(from) + by];
  return to ? dropInstruction(id, to.id, by > 0 ? 0 : to.instructions.length)(draft) : draft;
};

/** Takes an instruction out and puts it in before a place of a workout. */
export const dropInstruction = (id: string, to: string, place: number): Step => (draft) => {
  const from = holder(draft, id);
  const one = from?.instructions.find((each) => each.id === id);
  if (!from || !one) return draft;
  const at = from.id === to && from.instructions.indexOf(one) < place ? place - 1 : place;
  const moved = from.id === to ? one : { ...one, asked: { ...one.asked, group_number: null } };
  const out = inWorkout(from.id, (all) => ungroup(all.filter((each) => each.id !== id), from.id === to))(draft);
  return inWorkout(to, (all) => [...all.slice(0, at), moved, ...all.slice(at)])(out);
};

export const removeInstruction = (id: string): Step => (draft) => {
  const from = holder(draft, id);
  return from ? inWorkout(from.id, (all) => ungroup(all.filter((each) => each.id !== id)))(draft) : draft;
};

export const duplicateInstruction = (id: string, as: string): Step => (draft) => {
  const from = holder(draft, id);
  const one = from?.instructions.find((each) => each.id === id);
  return from && one ? inWorkout(from.id, (all) => after(all, id, { ...one, id: as }))(draft) : draft;
};

/** What was a superset with one exercise is none. */
function ungroup(all: Instruction[], keep = false): Instruction[] {
  const count = new Map<number, number>();
  for (const { asked } of all) if (asked.group_number !== null) count.set(asked.group_number, (count.get(asked.group_number) ?? 0) + 1);
  return keep ? all : all.map((each) => (each.asked.group_number !== null && count.get(each.asked.group_number) === 1 ? { ...each, asked: { ...each.asked, group_number: null } } : each));
}

/** Whether an instruction is in one superset with the one before it. */
export const isJoined = (all: Instruction[], place: number): boolean => {
  const group = all[place]?.asked.group_number ?? null;
  return place > 0 && group !== null && all[place - 1]!.asked.group_number === group;
};

/** Joins an instruction in a superset with the one before it, or parts them. */
export const toggleSuperset = (id: string): Step => (draft) => {
  const from = holder(draft, id);
  const place = from?.instructions.findIndex((each) => each.id === id) ?? -1;
  if (!from || place < 1) return draft;
  const all = from.instructions;
  const free = Math.max(0, ...all.map((each) => each.asked.group_number ?? 0)) + 1;
  const group = (each: Instruction, group_number: number | null): Instruction => ({ ...each, asked: { ...each.asked, group_number } });
  if (!isJoined(all, place)) {
    const number = all[place - 1]!.asked.group_number ?? free;
    return inWorkout(from.id, () => all.map((each, at) => (at === place || at === place - 1 ? group(each, number) : each)))(draft);
  }
  // Those that follow stay with this one, as a superset of their own.
  const old = all[place]!.asked.group_number;
  return inWorkout(from.id, () => ungroup(all.map((each, at) => (at >= place && each.asked.group_number === old ? group(each, free) : each))))(draft);
};

/** The next short name of a workout: a letter, then a letter and a number. */
export function nextKey(draft: Draft): string {
  const taken = new Set(draft.workouts.map((each) => each.workout_key));
  const keys = Array.from({ length: MOST.workouts + 1 }, (_, place) => String.fromCharCode(65 + (place % 26)) + (place < 26 ? '' : String(Math.floor(place / 26) + 1)));
  return keys.find((key) => !taken.has(key))!;
}

/** A new workout, on the next day after the last with training that leaves a rest between, else on the first free one. */
export const addWorkout = (one: Workout): Step => (draft) => {
  const last = draft.days.findLastIndex((each) => each.workouts.length);
  const isFree = (day: Day | undefined): boolean => day !== undefined && !day.workouts.length;
  const place = isFree(draft.days[last + 2]) ? last + 2 : isFree(draft.days[last + 1]) ? last + 1 : draft.days.findIndex(isFree);
  const days = place < 0 ? [...draft.days, { ...restDay(), workouts: [one.id] }] : draft.days.map((each, at) => (at === place ? { ...each, workouts: [one.id] } : each));
  return { ...draft, workouts: [...draft.workouts, one], days };
};

export const copyOfWorkout = (draft: Draft, of: Workout, name: string): Workout => ({
  ...of, id: uuid7(), workout_key: nextKey(draft), workout_name: name, instructions: of.instructions.map((each) => ({ ...each, id: uuid7() })),
});

export const moveWorkout = (id: string, by: -1 | 1): Step => (draft) => ({ ...draft, workouts: swapAt(draft.workouts, draft.workouts.findIndex((each) => each.id === id), by) });

export const removeWorkout = (id: string): Step => (draft) => ({
  ...draft, workouts: draft.workouts.filter((each) => each.id !== id), days: draft.days.map((each) => (each.workouts.includes(id) ? { ...each, workouts: each.workouts.filter((part) => part !== id) } : each)),
});

/** Puts a workout on a day, or takes it off. */
export const toggleOnDay = (day: string, workout: string): Step => mapDay(day, (each) => ({ ...each, workouts: each.workouts.includes(workout) ? each.workouts.filter((id) => id !== workout) : [...each.workouts, workout].slice(0, MOST.perDay) }));

const atWeek = (draft: Draft, number: number): Day[] => draft.days.slice(number * WEEK, (number + 1) * WEEK);
const fresh = (days: Day[]): Day[] => days.map((each) => ({ ...each, id: uuid7() }));

export const addWeek: Step = (draft) => ({ ...draft, days: [...draft.days, ...week()].slice(0, MOST.days) });
export const repeatWeek = (number: number): Step => (draft) => ({ ...draft, days: draft.days.toSpliced((number + 1) * WEEK, 0, ...fresh(atWeek(draft, number))).slice(0, MOST.days) });
export const removeWeek = (number: number): Step => (draft) => ({ ...draft, days: draft.days.toSpliced(number * WEEK, WEEK) });
export const moveWeek = (number: number, by: -1 | 1): Step => (draft) => {
  const weeks = Array.from({ length: Math.ceil(draft.days.length / WEEK) }, (_, place) => atWeek(draft, place));
  return { ...draft, days: swapAt(weeks, number, by).flat() };
};

export const addDay = (before: string | null): Step => (draft) => {
  const at = before === null ? draft.days.length : draft.days.findIndex((each) => each.id === before);
  return draft.days.length < MOST.days ? { ...draft, days: draft.days.toSpliced(at, 0, restDay()) } : draft;
};
export const removeDay = (id: string): Step => (draft) => ({ ...draft, days: draft.days.filter((each) => each.id !== id) });
export const moveDay = (id: string, by: -1 | 1): Step => (draft) => ({ ...draft, days: swapAt(draft.days, draft.days.findIndex((each) => each.id === id), by) });

/** The line of an instruction: as it was typed, or as it is written; null where it takes more than a line. */
export const lineOf = (one: Instruction): string | null => one.broken ?? write(one.asked);
