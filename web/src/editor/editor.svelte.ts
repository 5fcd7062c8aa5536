import { words, type Problem } from '../api/client';
import { uuid7 } from '../domain/ids';
import { t } from '../i18n';
import { account } from '../store/account.svelte';
import { keepTextDraft, textDraft, type Place } from '../store/drafts';
import { draftOf, isBroken, sameText, type Draft, type Program, type Step } from './draft';
import { hold, type Hold } from './holding';
import type { Kind } from './kinds';
import { parse } from './line';
import { faultsOf, type Fault } from './problems';
import { isKind, sendExercises } from './server';

interface Base {
  revision: number;
  version: number;
}

/** What is kept on the device over reloads. */
export interface Kept {
  id: string;
  base: Base | null;
  published: Draft;
  draft: Draft;
}

export type Published = { program: Program; from: number | null };
// Changes of one kind that follow each other this fast (milliseconds) are taken back together.
const TOGETHER_MS = 1200;
const REMEMBERED = 200;

/** A program or a workout being edited: its draft, what may be taken back, what is wrong, and how it is published. */
export class Editor {
  draft = $state.raw<Draft | null>(null);
  faults = $state.raw<Fault[]>([]);
  /** Why there is nothing to edit, in words. */
  failed = $state<string | null>(null);
  /** A program that is somebody else's, or built in. */
  foreign = $state.raw<Program | null>(null);
  /** Somebody else's revision, published since this one was begun. */
  theirs = $state.raw<Program | null>(null);
  busy = $state(false);
  /** Whether the draft on the device is the one on the screen. */
  isKept = $state(true);
  isNew = $state(false);
  base = $state.raw<Base | null>(null);
  /** Whether it was found on the device, from an earlier visit. */
  resumed = $state(false);
  #published = $state.raw<Draft | null>(null);
  #past = $state.raw<Draft[]>([]);
  #future = $state.raw<Draft[]>([]);
  #last = { as: '', at: 0 };
  #writing: Promise<void> | null = null;
  /** Whether another tab writes it: then nothing is written here. */
  elsewhere = $state(false);
  #hold: Hold | null = null;
  #left = false;
  id = '';

  /** `edited` is the id of what is edited; null for what is new. */
  constructor(readonly kind: Kind, private readonly edited: string | null) {}

  readonly canUndo = $derived(this.#past.length > 0);
  readonly canRedo = $derived(this.#future.length > 0);
  readonly isChanged = $derived(this.draft !== null && this.#published !== null && !sameText(this.draft, this.#published));

  /** Whether it is one that is there, as its address says before it is read. */
  get isOld(): boolean {
    return this.edited !== null;
  }

  get athlete(): string | null {
    return this.kind.athlete;
  }

  get #place(): Place {
    return [this.kind.name, this.athlete ?? 'me', this.edited ?? this.kind.fresh];
  }

  /** Fetches what is to be edited: what this device kept of it, else the program as it stands. */
  async open(takeOver = false): Promise<void> {
    this.failed = null;
    if (!(await this.#take(takeOver))) return;
    const kept = await textDraft<Kept>(this.#place);
    if (!this.edited) return this.#begin(kept ?? { id: uuid7(), base: null, ...(await this.kind.begin()) }, kept !== null);
    // What is here is shown at once: a server that is slow must not keep it from the screen. What it says is compared when it comes.
    if (kept && !this.draft) this.#begin(kept, true);
    const answer = await this.kind.read(this.edited);
    if (this.elsewhere || this.#left) return;
    if (answer?.data && answer.data.user_id !== (this.athlete ?? account.user?.id)) [this.foreign, this.draft] = [answer.data, null];
    else if (this.draft) this.#compare(answer?.data);
    else if (answer?.data) this.#begin({ id: this.edited, base: answer.data, ...twice(draftOf(answer.data)) }, false);
    else this.failed = answer ? words(answer.problem) : t('settings.needsServer');
  }

  /** Whether the server has a later revision than the one that was begun with, or published meanwhile. */
  #compare(now: Program | undefined): void {
    if (this.base && now && now.version > this.base.version) this.theirs = now;
  }

  async #take(takeOver: boolean): Promise<boolean> {
    const lost = (): void => {
      [this.#hold, this.elsewhere, this.draft] = [null, true, null];
    };
    this.#hold ??= await hold(`reptrail-editor ${account.user?.id} ${this.#place.join(' ')}`, lost, takeOver);
    if (this.#left) this.close(); // it was left while it waited
    this.elsewhere = this.#hold === null;
    return !this.elsewhere;
  }

  /** It is left, and another tab may write it. */
  close(): void {
    this.#left = true;
    this.#hold?.release();
    this.#hold = null;
  }

  #begin({ id, base, published, draft }: Kept, resumed: boolean): void {
    this.id = id;
    this.isNew = base === null;
    this.base = base && { revision: base.revision, version: base.version };
    [this.#published, this.draft, this.resumed] = [published, draft, resumed];
    // What begins with a text (a copy, what was trained) is kept from the start.
    if (!resumed && this.isChanged) this.#keep();
  }

  /** Changes the draft. Changes of one kind (`as`) that follow each other at once are one to take back. */
  change(step: Step, as = ''): void {
    const before = this.draft;
    if (!before) return;
    const after = step(before);
    if (after === before) return;
    const now = Date.now();
    if (!as || as !== this.#last.as || now - this.#last.at > TOGETHER_MS || !this.#past.length) this.#past = [...this.#past.slice(1 - REMEMBERED), before];
    this.#last = { as, at: now };
    this.#future = [];
    this.#show(after);
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before || !this.draft) return;
    [this.#past, this.#future] = [this.#past.slice(0, -1), [...this.#future, this.draft]];
    this.#last.as = '';
    this.#show(before);
  }

  redo(): void {
    const next = this.#future.at(-1);
    if (!next || !this.draft) return;
    [this.#past, this.#future] = [[...this.#past, this.draft], this.#future.slice(0, -1)];
    this.#last.as = '';
    this.#show(next);
  }

  #show(draft: Draft): void {
    const before = this.draft;
    this.draft = draft;
    // What was changed is no longer what was found wrong.
    if (before && this.faults.length) this.faults = this.faults.filter(({ at, field }) => partOf(before, at, field) === partOf(draft, at, field));
    this.#keep();
  }

  // The last one counts: while one is written, the next waits, and those in between are never written.
  #keep(): void {
    this.isKept = false;
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  async #write(): Promise<void> {
    for (let written: Draft | null = null; written !== this.draft; ) {
      written = this.draft;
      const kept: Kept = { id: this.id, base: this.base, published: this.#published!, draft: written! };
      await keepTextDraft(this.#place, this.isChanged ? kept : null);
    }
    this.isKept = true;
  }

  /** Gives up what was not published. */
  discard(): void {
    const back = this.#published;
    if (back) this.change(() => back);
    this.faults = [];
  }

  /** Takes somebody else's revision as the one to go on from: with one's own text (it will replace theirs), or with theirs. */
  settle(keep: 'mine' | 'theirs'): void {
    const theirs = this.theirs;
    if (!theirs) return;
    const text = draftOf(theirs);
    [this.base, this.#published, this.theirs] = [{ revision: theirs.revision, version: theirs.version }, text, null];
    if (keep === 'theirs') this.change(() => text);
    else this.#keep();
  }

  /** Publishes the draft. Null where it was not: then `faults`, `theirs` or the words given to `say` tell why. */
  async publish(say: (text: string) => void): Promise<Published | null> {
    const draft = this.draft;
    if (!draft || this.busy) return null;
    this.faults = brokenLines(draft);
    if (this.faults.length) return null;
    this.busy = true;
    await sendExercises();
    const answer = await this.kind.save(this.id, draft, this.base?.version ?? null);
    this.busy = false;
    if (answer?.data) return this.#done(draft, answer.data);
    if (!answer) say(t(this.kind.words.notSent));
    else await this.#refused(answer.problem!, draft, say);
    return null;
  }

  async #done(draft: Draft, program: Program): Promise<Published> {
    const from = this.base?.revision ?? null;
    this.base = { revision: program.revision, version: program.version };
    this.#published = draft;
    await this.#writing;
    await keepTextDraft(this.#place, null);
    // What was typed while it was on its way is not in it.
    if (this.draft !== draft) this.#keep();
    return { program, from };
  }

  async #refused(problem: Problem, draft: Draft, say: (text: string) => void): Promise<void> {
    this.faults = faultsOf(problem, draft);
    if (isKind(problem, 'precondition-failed')) this.theirs = problem['current'] as Program;
    else if (isKind(problem, 'id-taken') && !this.base) {
      // It was stored by a try whose answer got lost, and edited since: now it is there, to be replaced.
      const there = await this.kind.read(this.id);
      if (there?.data) this.theirs = there.data;
      else say(words(problem));
    } else if (!this.faults.length) say(words(problem));
  }
}

/** What is edited from where it stands. */
export const twice = (draft: Draft): { published: Draft; draft: Draft } => ({ published: draft, draft });

/** A part of a draft as it is compared: the same object where nothing of it changed. */
function partOf(draft: Draft, at: string, field: string): unknown {
  if (!at) return draft[field as keyof Draft];
  const workout = draft.workouts.find((each) => each.id === at);
  // Of a workout that is in no day, the days are at fault.
  if (workout) return field === 'workout_key' ? JSON.stringify([workout.workout_key, draft.days.some((day) => day.workouts.includes(at))]) : workout;
  return draft.workouts.flatMap((each) => each.instructions).find((each) => each.id === at) ?? draft.days.find((each) => each.id === at);
}

function brokenLines(draft: Draft): Fault[] {
  if (!isBroken(draft)) return [];
  return draft.workouts.flatMap((each) => each.instructions).flatMap(({ id, broken }) => {
    const fault = broken === undefined ? undefined : parse(broken).fault;
    return fault ? [{ at: id, field: 'line', detail: t(fault.key, { word: fault.word }) }] : [];
  });
}
