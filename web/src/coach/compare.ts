/** What was asked of a session beside what was done. */
import type { components } from '../api/schema';
import { reasonOf } from '../i18n/why';
import { asked } from '../programs/asked';
import type { SetTarget } from '../store/rows';
import { setText, targetText } from '../training/sets';

type Session = components['schemas']['SessionOut'];
type Performed = components['schemas']['SetOut'];
type Planned = components['schemas']['PrescriptionOut'];
type Preview = components['schemas']['SessionPrescription'];
type Prescribed = Pick<Preview, 'sets' | 'reason'> & { inputs?: { said?: unknown } };

export interface Line {
  key: string;
  /** Null of a warm-up. */
  number: number | null;
  kind: Performed['kind'];
  target: string | null;
  done: string | null;
  notes: string | null;
}

export interface Compared {
  key: string;
  exercise: string;
  /** What the plan says in a line, and why the sets are as they are. */
  plan: string | null;
  reason: string | null;
  notes: string | null;
  lines: Line[];
}

const isWarmup = (kind: string): boolean => kind === 'WARMUP';

/** What was done in a session, warm-ups left out. */
export const workSets = (session: Session): Performed[] => (session.performances ?? []).flatMap((each) => each.sets ?? []).filter((set) => !isWarmup(set.kind));

/**
 * The exercises of a session in their order: those planned, then those that were added. `previews` say what a session that has not begun
 * would ask now.
 */
export function compare(session: Session, previews: readonly Preview[] = []): Compared[] {
  const left = new Map((session.performances ?? []).map((each) => [each.exercise_instruction_id, each]));
  const planned = (session.prescriptions ?? []).map((each) => {
    const performance = left.get(each.id);
    left.delete(each.id);
    return compared(each.id, each.exercise_name, each, performance, each.prescription ?? previews.find((one) => one.exercise_instruction_id === each.id));
  });
  return [...planned, ...[...left.values()].map((each) => compared(each.id, each.exercise_name ?? '', null, each))];
}

function compared(key: string, exercise: string, plan: Planned | null, performance: Session['performances'][number] | undefined, prescribed?: Prescribed): Compared {
  return {
    key, exercise,
    plan: plan ? asked(plan as never) || null : null,
    reason: prescribed ? reasonOf(prescribed) : null,
    notes: performance?.performance_notes ?? null,
    lines: pair(prescribed?.sets ?? [], plan?.load ?? 'EXTERNAL', performance?.sets ?? []),
  };
}

/** The sets done, each beside the target in its place among its like; then the targets that nothing was done for. */
function pair(targets: readonly SetTarget[], load: Planned['load'], sets: readonly Performed[]): Line[] {
  const like = (warm: boolean) => targets.filter((each) => isWarmup(each.kind) === warm);
  const open = { warm: like(true), work: like(false) };
  let number = 0;
  const line = (key: string, kind: Performed['kind'], target: SetTarget | undefined, done: Performed | null): Line => ({
    key, kind, notes: done?.notes ?? null, done: done && setText(done), number: isWarmup(kind) ? null : ++number, target: target ? targetText(target, load) : null,
  });
  const done = sets.map((set) => line(set.id, set.kind, (isWarmup(set.kind) ? open.warm : open.work).shift(), set));
  const rest = [...open.warm, ...open.work].map((target) => line(`${target.kind}${target.set_number}`, target.kind, target, null));
  return [...done, ...rest];
}
