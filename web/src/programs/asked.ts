import type { components } from '../api/schema';
import { clock, number, t, weight } from '../i18n';

type Instruction = Omit<components['schemas']['InstructionIn'], 'exercise_id' | 'instruction_notes'>;
type Target = NonNullable<Instruction['set_targets']>[number];

const range = (from: number | null | undefined, to: number | null | undefined): string => (to && from && to !== from ? `${from}–${to}` : String(from ?? to ?? ''));

/** What an instruction asks, in a line: "3 × 5–8 · 75 % · RPE 8". */
export function asked(instruction: Instruction): string {
  const parts: string[] = [];
  const each = instruction.duration_seconds ? clock(instruction.duration_seconds) : range(instruction.reps_min, instruction.reps_max);
  if (instruction.set_targets?.length) parts.push(instruction.set_targets.map(target).join(', '));
  else if (instruction.sets && each) parts.push(`${instruction.sets} × ${each}`);
  else if (instruction.sets) parts.push(t('sets', { count: instruction.sets }));
  else if (each) parts.push(each);
  if (instruction.distance_m) parts.push(`${number(instruction.distance_m)} m`);
  if (instruction.weight && instruction.weight_unit) parts.push(weight(instruction.weight, instruction.weight_unit));
  if (instruction.percent) parts.push(`${number(instruction.percent)} %`);
  if (instruction.rpe) parts.push(`RPE ${number(instruction.rpe)}`);
  return parts.join(' · ');
}

function target(each: Target): string {
  const reps = each.duration_seconds ? clock(each.duration_seconds) : `${range(each.reps_min, each.reps_max)}${each.kind === 'AMRAP' ? '+' : ''}`;
  const kind = !each.kind || each.kind === 'WORKING' || each.kind === 'AMRAP' ? '' : `${t(`kind.${each.kind}`)} `;
  return [kind + reps, each.percent ? `${number(each.percent)} %` : '', each.rpe ? `RPE ${number(each.rpe)}` : ''].filter(Boolean).join(' @ ');
}
