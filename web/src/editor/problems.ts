/** What the server finds wrong, at the parts of the draft that it means. */
import { fieldWords, type Problem } from '../api/client';
import { t } from '../i18n';
import type { Draft } from './draft';

export interface Fault {
  /** The id of the part: an instruction, a workout, a day; empty for the program itself. */
  at: string;
  /** The field of the part, as far as it is told: "reps_max", "set_targets/1/percent". */
  field: string;
  detail: string;
}

/** A problem's wrong fields ("/workouts/0/instructions/2/sets") as faults; the places are counted in the draft that was sent. */
export const faultsOf = (problem: Problem, draft: Draft): Fault[] => (problem.errors ?? []).map((error) => ({ ...placeOf(error.pointer, draft), detail: plain(error) }));

// An empty workout is the one empty list that somebody can make here.
const plain = (error: NonNullable<Problem['errors']>[number]): string => (error.code === 'empty_list' && error.pointer.endsWith('/instructions') ? t('editor.emptyWorkout') : fieldWords(error));

function placeOf(pointer: string, draft: Draft): Omit<Fault, 'detail'> {
  const [, list, place, inner, second, ...rest] = pointer.split('/');
  const workout = list === 'workouts' ? draft.workouts[Number(place)] : undefined;
  const instruction = inner === 'instructions' && second !== undefined ? workout?.instructions[Number(second)] : undefined;
  if (instruction) return { at: instruction.id, field: rest.join('/') };
  const tail = (...parts: (string | undefined)[]): string => parts.filter((part) => part !== undefined).join('/');
  if (workout) return { at: workout.id, field: tail(inner, second, ...rest) };
  const day = list === 'days' ? draft.days[Number(place)] : undefined;
  if (day) return { at: day.id, field: tail(inner, second, ...rest) };
  return { at: '', field: tail(list, place, inner) };
}

/** Those of a part; of a field of it, with what stands below it. */
export const faultsAt = (faults: Fault[], at: string, field?: string): Fault[] =>
  faults.filter((each) => each.at === at && (field === undefined || each.field === field || each.field.startsWith(`${field}/`)));
