import { nearestWeight, nextWeight, USUAL, type Equipment } from '../domain/plates';
import { Bests } from '../domain/records';
import { targetsOf } from '../domain/targets';
import { fromKg, toKg, type WeightUnit } from '../domain/units';
import { draftOf, habitsOf, keepDraft, keepHabits, type SetDraft } from '../store/drafts';
import { readEquipment } from '../store/equipment';
import { readBests, readPrevious, type Previous } from '../store/past';
import type { Entry } from '../store/reading';
import type { SessionRow, SetKind, SetLoad, SetRow } from '../store/rows';
import type { SetValues } from '../store/training';
import { asksFor, firstValues, inUnit, isWork, linesOf, type Asks } from './sets';

const DRAFTED = ['weight', 'unit', 'reps', 'seconds', 'distance', 'rpe', 'kind', 'load', 'notes', 'running'] as const;

/** What the next set of an exercise is to be logged with: it begins as planned, and is the athlete's until the set is logged. */
export class SetForm {
  unit = $state<WeightUnit>('kg');
  weight = $state<number | null>(null);
  reps = $state<number | null>(null);
  seconds = $state<number | null>(null);
  /** In metres, whatever it is shown in. */
  distance = $state<number | null>(null);
  inKm = $state(false);
  rpe = $state<number | null>(null);
  kind = $state<SetKind>('WORKING');
  load = $state<SetLoad>('EXTERNAL');
  notes = $state('');
  /** When the stopwatch was started, in milliseconds. */
  running = $state<number | null>(null);
  editing = $state<SetRow | null>(null);
  entry = $state.raw<Entry>(undefined as unknown as Entry);
  previous = $state.raw<Previous | null>(null);
  bests = $state.raw<Bests>(new Bests(false));
  #pristine = '';
  #kept = false;

  private constructor(
    readonly session: SessionRow,
    entry: Entry,
    previous: Previous | null,
    bests: Bests,
    readonly own: Equipment | null,
    unit: WeightUnit,
    distance: 'm' | 'km' | undefined,
  ) {
    this.unit = unit;
    this.entry = entry;
    this.previous = previous;
    this.bests = bests;
    this.begin(entry);
    this.inKm = distance ? distance === 'km' : (this.distance ?? 0) >= 1000;
  }

  /** Reads what it needs from the device. The athlete's unit is for exercises whose unit nobody has chosen. */
  static async open(session: SessionRow, entry: Entry, unit: WeightUnit): Promise<SetForm> {
    const [previous, bests, equipment, habits, draft] = await Promise.all([
      readPrevious(entry.exercise_id, session), readBests(entry.exercise_id, session), readEquipment(), habitsOf(entry.exercise_id), draftOf(session.id, entry.key),
    ]);
    const asked = targetsOf(entry.instruction, entry.prescription).find((each) => each.weight_unit)?.weight_unit;
    const form = new SetForm(session, entry, previous, bests, equipment, habits.unit ?? asked ?? unit, habits.distance);
    form.#kept = draft !== null;
    if (draft?.after === entry.sets.length) Object.assign(form, draft.values);
    return form;
  }

  /** Reads once more what came before, of which a part was missing. What the athlete has entered meanwhile stays. */
  async readPast(): Promise<void> {
    const { exercise_id } = this.entry;
    const [previous, bests] = await Promise.all([readPrevious(exercise_id, this.session), readBests(exercise_id, this.session)]);
    if (exercise_id !== this.entry.exercise_id) return;
    this.previous = previous;
    this.bests = bests;
    if (!this.editing && this.#pristine === JSON.stringify(this.#values())) this.begin(this.entry);
  }

  /** Turns to the next set. */
  begin(entry: Entry): void {
    const first = firstValues(entry, this.previous?.sets ?? [], this.unit);
    this.entry = entry;
    this.editing = null;
    this.kind = first.kind;
    this.load = first.load;
    this.weight = first.weight;
    this.reps = first.reps;
    this.seconds = first.duration_seconds;
    this.distance = first.distance_m;
    this.rpe = null;
    this.notes = '';
    this.running = null;
    this.#pristine = JSON.stringify(this.#values());
  }

  /** Takes over what another set has: one of the last time, or one that is to be corrected. */
  take(set: SetRow): void {
    this.load = set.load;
    this.weight = inUnit(set, this.unit) ?? this.weight;
    this.reps = set.reps ?? this.reps;
    this.seconds = set.duration_seconds ?? this.seconds;
    this.distance = set.distance_m ?? this.distance;
  }

  edit(set: SetRow): void {
    this.unit = set.weight_unit ?? this.unit;
    this.take(set);
    this.kind = set.kind;
    this.rpe = set.rpe;
    this.notes = set.notes ?? '';
    this.running = null;
    this.editing = set;
  }

  get asks(): Asks {
    return asksFor(this.entry.exercise, this.load);
  }

  get equipment(): Equipment {
    return this.own?.weight_unit === this.unit ? this.own : USUAL[this.unit];
  }

  get number(): number {
    return this.editing?.set_number ?? this.entry.sets.filter(isWork).length + 1;
  }

  get target() {
    return this.editing ? null : (linesOf(this.entry, this.previous?.sets ?? []).find((line) => line.state === 'up')?.target ?? null);
  }

  get #on() {
    return { tool: this.entry.exercise?.equipment ?? 'OTHER', load: this.load };
  }

  step = (weight: number, direction: 1 | -1): number => nextWeight(weight, direction, this.equipment, this.#on);

  /** Kilograms or pounds, remembered for this exercise; the weight goes to the nearest that can be loaded. */
  toggleUnit(): void {
    const from = this.unit;
    this.unit = from === 'kg' ? 'lb' : 'kg';
    if (this.weight !== null) this.weight = nearestWeight(fromKg(toKg(this.weight, from), this.unit), this.equipment, this.#on);
    void keepHabits(this.entry.exercise_id, { unit: this.unit });
  }

  toggleDistance(): void {
    this.inKm = !this.inKm;
    void keepHabits(this.entry.exercise_id, { distance: this.inKm ? 'km' : 'm' });
  }

  toggleWatch(): void {
    if (this.running === null) this.running = Date.now();
    else this.#stopWatch();
  }

  #stopWatch(): void {
    if (this.running !== null) this.seconds = Math.max(1, Math.round((Date.now() - this.running) / 1000));
    this.running = null;
  }

  /** Whether it says enough to be a set. */
  get sayable(): boolean {
    const { reps, duration, distance } = this.asks;
    return (reps && this.reps !== null) || (duration && (!!this.seconds || this.running !== null)) || (distance && !!this.distance);
  }

  /** The set as it is to be logged. */
  values(): SetValues {
    this.#stopWatch();
    const { asks } = this;
    const weighed = asks.weight && this.weight !== null;
    return {
      kind: this.kind, rpe: this.rpe, load: this.load, notes: this.notes.trim() || null,
      reps: asks.reps ? this.reps : null,
      weight: weighed ? this.weight : null,
      weight_unit: weighed ? this.unit : null,
      duration_seconds: asks.duration ? this.seconds || null : null,
      distance_m: asks.distance ? this.distance || null : null,
    };
  }

  #values(): Record<string, unknown> {
    return Object.fromEntries(DRAFTED.map((name) => [name, this[name]]));
  }

  /** What is to be kept in case the app goes: null where it stands as it began. */
  draft(): SetDraft | null {
    const values = this.#values();
    return this.editing || JSON.stringify(values) === this.#pristine ? null : { after: this.entry.sets.length, values };
  }

  /** Keeps it; between sets as they were prescribed there is nothing to keep, and so nothing to write. */
  async keep(draft: SetDraft | null): Promise<void> {
    if (!draft && !this.#kept) return;
    this.#kept = draft !== null;
    await keepDraft(this.session.id, this.entry.key, draft);
  }
}
