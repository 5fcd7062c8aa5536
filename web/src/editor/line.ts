/**
 * What an instruction asks as a line of text, for fast hands: "3x8-12 @80kg r90 +2.5kg".
 *
 *     line    = [sets] { attribute }
 *     sets    = 3x8 | 3x8-12 | 3x45s | 8-12 | 3x | 5km, or several: w5@50%, 2x3@85%, 1+@95% (w warm-up, d drop, f to failure, + as many as possible)
 *     attribute: 80kg 175lb | 75% | rpe8 (each also with @; a bare @8 is an RPE) | 20min 45s 1:30 | 5km 400m | r90 r3min (rest) | g1 (superset)
 *                rule: fixed, linear, double, percent, rpe | +2.5kg (the step) | -10%/3 (less after misses) | tm90 (the training max's share)
 *
 * `parse` and `write` are each other's reverse: a line that is written reads back to the same, or is not written at all (null).
 */
import type { components } from '../api/schema';

type Schemas = components['schemas'];
export type Asked = Omit<Schemas['InstructionIn'], 'exercise_id' | 'instruction_notes'>;
export type SetTarget = Schemas['SetTarget'];
export type Rule = NonNullable<Asked['progression']>;
type Unit = 'kg' | 'lb';

export const NOTHING: Asked = {
  group_number: null, sets: null, reps_min: null, reps_max: null, weight: null, weight_unit: null, percent: null, rpe: null, rest_seconds: null,
  duration_seconds: null, distance_m: null, set_targets: null, progression: null,
};

/** Why a line is not understood: a key of the messages, and the word at fault. */
export interface Fault {
  key: 'line.unknown' | 'line.twice' | 'line.setWeight' | 'line.step' | 'line.noStep' | 'line.share' | 'line.tooMany';
  word: string;
}
export type Parsed = { asked: Asked; fault?: never } | { asked?: never; fault: Fault };

class Wrong extends Error {
  constructor(readonly fault: Fault) {
    super(fault.key);
  }
}
const wrong = (key: Fault['key'], word: string): never => {
  throw new Wrong({ key, word });
};

const MOST_SETS = 100;
const SECONDS: Record<string, number> = { s: 1, sec: 1, min: 60, m: 60, h: 3600 };
const RULES = ['fixed', 'linear', 'double', 'percent', 'rpe'] as const;
const SCHEME = /^(?:(\d+)x)?([wdf]?)(?:(\d+:\d\d|\d+(?:\.\d+)?(?:s|sec|min|h))|(\d*)(-?)(\d*))(\+?)((?:@[^@]*)*)$/;
const KINDS: Record<string, SetTarget['kind']> = { w: 'WARMUP', d: 'DROP', f: 'FAILURE' };

/** Words as they are parsed: small, with points for decimals, and units at their numbers. */
function tidy(line: string): string {
  return line.toLowerCase().replace(/[×*]/g, 'x').replace(/[–—−]/g, '-').replace(/(\d),(\d+\s*(?:kg|lb|km|%))/g, '$1.$2')
    .replace(/(\d)\s+(kg|lbs?|km|m|s|sec|min|%)(?=$|[\s,@])/g, '$1$2').replace(/(\d)\s*x\s*(?=\d)/g, '$1x').replace(/@\s+/g, '@').replace(/lbs\b/g, 'lb').trim();
}

function seconds(word: string): number | null {
  const clock = /^(\d+):(\d\d)$/.exec(word);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const said = /^(\d+(?:\.\d+)?)(s|sec|min|m|h)$/.exec(word);
  return said ? Math.round(Number(said[1]) * SECONDS[said[2]!]!) : null;
}

const whole = (digits: string | undefined): number | null => (digits ? Number(digits) : null);

interface Scheme {
  sets: number | null;
  target: SetTarget;
  /** Whether it says what only a set of its own can be: a kind. */
  own: boolean;
  attributes: string[];
}

/** "3x8-12@80kg" in its parts; null for a word that is something else. */
function scheme(word: string): Scheme | null {
  const found = SCHEME.exec(word);
  if (!found) return null;
  const [, sets, kind, time, from, dash, to, plus, rest] = found;
  if (!sets && !kind && !time && !from && !to && !plus) return null;
  if (to && !dash) return null;
  const min = whole(from);
  const target: SetTarget = {
    kind: plus ? 'AMRAP' : (KINDS[kind!] ?? 'WORKING'), reps_min: time ? null : min, reps_max: time ? null : dash ? whole(to) : plus ? null : min,
    percent: null, rpe: null, duration_seconds: time ? seconds(time) : null,
  };
  return { sets: whole(sets), target, own: Boolean(kind || plus), attributes: rest!.split('@').slice(1) };
}

/** Reads a line. */
export function parse(line: string): Parsed {
  try {
    return { asked: read(tidy(line)) };
  } catch (error) {
    if (error instanceof Wrong) return { fault: error.fault };
    throw error;
  }
}

function read(line: string): Asked {
  const asked: Asked = { ...NOTHING };
  const said: Said = { words: new Set() };
  const isList = line.includes(',');
  // In a list the words up to the last comma, and the one after it, are sets; what follows is said of all of them.
  const at = isList ? line.lastIndexOf(',') + 1 : 0;
  const after = line.slice(at).trim().split(/\s+/).filter(Boolean);
  const heads = isList ? line.slice(0, at - 1).split(',').map((word) => word.trim()) : [];
  if (isList && after[0] && scheme(after[0])) heads.push(after.shift()!);
  const first = after[0] && !isList ? unlessAttribute(after[0]) : null;
  if (first) after.shift();
  if (isList || first?.own) asked.set_targets = targets(isList ? heads : [], first);
  else if (first) {
    const { reps_min, reps_max, duration_seconds } = first.target;
    Object.assign(asked, { sets: first.sets, reps_min, reps_max, duration_seconds });
    for (const each of first.attributes) attribute(asked, said, `@${each}`);
  }
  for (const word of after) attribute(asked, said, word);
  if (asked.set_targets) asked.sets = asked.set_targets.length;
  if ((asked.sets ?? 0) > MOST_SETS) wrong('line.tooMany', String(asked.sets));
  asked.progression = rule(asked, said);
  return asked;
}

/** The first word as a scheme, unless it is a plain attribute (5km, 80kg). "20min" alone is how long, either way. */
function unlessAttribute(word: string): Scheme | null {
  const found = /^(\d+)x(\d+(?:\.\d+)?(?:km|m))$/.exec(word);
  if (found) return { sets: Number(found[1]), target: { kind: 'WORKING', reps_min: null, reps_max: null, percent: null, rpe: null, duration_seconds: null }, own: false, attributes: [found[2]!] };
  return scheme(word);
}

function targets(heads: string[], only: Scheme | null): SetTarget[] {
  const schemes = only ? [only] : heads.map((word) => scheme(word) ?? wrong('line.unknown', word));
  return schemes.flatMap(({ sets, target, attributes }) => {
    if ((sets ?? 1) > MOST_SETS) wrong('line.tooMany', String(sets));
    const made = { ...target };
    for (const word of attributes) {
      const found = /^(?:(\d+(?:\.\d+)?)%|(?:rpe)?(\d+(?:\.\d+)?))$/.exec(word);
      if (!found) wrong(/(kg|lb)$/.test(word) ? 'line.setWeight' : 'line.unknown', `@${word}`);
      else if (found[1]) made.percent = Number(found[1]);
      else made.rpe = Number(found[2]);
    }
    return Array.from({ length: sets ?? 1 }, () => ({ ...made }));
  });
}

interface Said {
  words: Set<string>;
  rule?: (typeof RULES)[number];
  step?: { increment: number; increment_unit: Unit };
  less?: number;
  after?: number;
  share?: number;
}

function attribute(asked: Asked, said: Said, word: string): void {
  const once = (name: string): void => {
    if (said.words.has(name)) wrong('line.twice', word);
    said.words.add(name);
  };
  const bare = word.replace(/^@/, '');
  const match = (form: RegExp, text = bare): RegExpExecArray | null => form.exec(text);
  let found: RegExpExecArray | null;
  if ((found = match(/^(\d+(?:\.\d+)?)(kg|lb)$/))) once('weight'), Object.assign(asked, { weight: Number(found[1]), weight_unit: found[2] });
  else if ((found = match(/^(\d+(?:\.\d+)?)%$/))) once('percent'), (asked.percent = Number(found[1]));
  else if ((found = match(/^rpe(\d+(?:\.\d+)?)$/) ?? match(/^@(\d+(?:\.\d+)?)$/, word))) once('rpe'), (asked.rpe = Number(found[1]));
  else if ((found = match(/^r(\d+|\d+:\d\d|\d+(?:\.\d+)?(?:s|min|m|h))$/, word))) once('rest'), (asked.rest_seconds = seconds(found[1]!) ?? Number(found[1]));
  else if ((found = match(/^(\d+(?:\.\d+)?)(km|m)$/))) once('distance'), (asked.distance_m = round(Number(found[1]) * (found[2] === 'km' ? 1000 : 1)));
  else if (seconds(bare) !== null) once('duration'), (asked.duration_seconds = seconds(bare));
  else if ((found = match(/^g(\d+)$/, word))) once('group'), (asked.group_number = Number(found[1]));
  else if ((found = match(/^\+(\d+(?:\.\d+)?)(kg|lb)$/, word))) once('step'), (said.step = { increment: Number(found[1]), increment_unit: found[2] as Unit });
  else if ((found = match(/^-(\d+(?:\.\d+)?)%(?:\/(\d+))?$/, word))) once('less'), Object.assign(said, { less: Number(found[1]), ...(found[2] ? { after: Number(found[2]) } : {}) });
  else if ((found = match(/^tm(\d+(?:\.\d+)?)%?$/, word))) once('share'), (said.share = Number(found[1]));
  else if (RULES.includes(word as never)) once('rule'), (said.rule = word as Said['rule'] & string);
  else wrong('line.unknown', word);
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
const anyPercent = (asked: Asked): boolean => asked.percent !== null || (asked.set_targets ?? []).some((each) => (each.percent ?? null) !== null);
const isRange = (of: Pick<Asked, 'reps_min' | 'reps_max'>): boolean => of.reps_min !== null && of.reps_max !== null && of.reps_min < of.reps_max;

/** The rule that a step alone means: of percents percent, of a range double, else linear. */
const meant = (asked: Asked): 'percent' | 'double' | 'linear' => (anyPercent(asked) ? 'percent' : isRange(asked) ? 'double' : 'linear');

function rule(asked: Asked, said: Said): Rule | null {
  const name = said.rule ?? (said.step ? meant(asked) : null);
  const extra = said.less !== undefined ? `-${said.less}%` : said.share !== undefined ? `tm${said.share}` : null;
  if (name === null) return extra ? wrong('line.noStep', extra) : null;
  if (name === 'fixed' || name === 'rpe') return said.step || extra ? wrong('line.step', name) : { rule: name };
  if (!said.step) return wrong('line.noStep', name);
  if (said.share !== undefined && name !== 'percent') wrong('line.share', `tm${said.share}`);
  if (name === 'double') return extra ? wrong('line.step', extra) : { rule: name, ...said.step };
  if (name === 'linear') return { rule: name, ...said.step, deload_percent: said.less ?? 10, deload_after: said.after ?? 3 };
  if (said.after !== undefined) wrong('line.share', `-${said.less}%/${said.after}`);
  return { rule: name, ...said.step, training_max_percent: said.share ?? 90, deload_percent: said.less ?? 10 };
}

/** The line of what is asked; null where no line says just that. */
export function write(asked: Asked): string | null {
  const words = [setsOf(asked)];
  if (asked.distance_m !== null) words.push(asked.distance_m % 1000 ? `${asked.distance_m}m` : `${asked.distance_m / 1000}km`);
  if (asked.set_targets && asked.duration_seconds !== null) words.push(time(asked.duration_seconds));
  if (asked.weight !== null) words.push(`@${asked.weight}${asked.weight_unit ?? ''}`);
  if (asked.percent !== null) words.push(`@${asked.percent}%`);
  if (asked.rpe !== null) words.push(`rpe${asked.rpe}`);
  if (asked.rest_seconds !== null) words.push(`r${asked.rest_seconds >= 120 && asked.rest_seconds % 60 === 0 ? `${asked.rest_seconds / 60}min` : asked.rest_seconds}`);
  if (asked.group_number !== null) words.push(`g${asked.group_number}`);
  words.push(...ruleWords(asked));
  const line = words.filter(Boolean).join(' ');
  const back = parse(line);
  return back.asked && same(back.asked, asked) ? line : null;
}

const time = (value: number): string => (value >= 120 && value % 60 === 0 ? `${value / 60}min` : `${value}s`);
const reps = (min: number | null, max: number | null): string => (min === max ? String(min ?? '') : `${min ?? ''}-${max ?? ''}`);

function setsOf(asked: Asked): string {
  if (asked.set_targets) return listed(asked.set_targets);
  const each = asked.duration_seconds === null ? reps(asked.reps_min, asked.reps_max) : time(asked.duration_seconds);
  return asked.sets === null ? each : `${asked.sets}x${each}`;
}

function listed(all: SetTarget[]): string {
  const runs: { word: string; count: number }[] = [];
  for (const each of all) {
    const word = setWord(each);
    if (runs.at(-1)?.word === word) runs.at(-1)!.count += 1;
    else runs.push({ word, count: 1 });
  }
  const words = runs.map(({ word, count }) => (count > 1 ? `${count}x${word}` : word)).join(', ');
  return runs.length === 1 && !/^(\d+x)?[wdf]|\+/.test(words) ? `${words},` : words;
}

function setWord(each: SetTarget): string {
  const min = each.reps_min ?? null, max = each.reps_max ?? null, lasting = each.duration_seconds ?? null;
  const kind = { WARMUP: 'w', DROP: 'd', FAILURE: 'f', AMRAP: '', WORKING: '' }[each.kind ?? 'WORKING'];
  const open = each.kind === 'AMRAP';
  const much = lasting !== null ? time(lasting) : open && max === null ? String(min ?? '') : open && min === max ? `${min}-${max}` : reps(min, max);
  const share = (each.percent ?? null) === null ? '' : `@${each.percent}%`;
  return `${kind}${much}${open ? '+' : ''}${share}${(each.rpe ?? null) === null ? '' : `@${each.rpe}`}`;
}

function ruleWords(asked: Asked): string[] {
  const rule = asked.progression;
  if (!rule) return [];
  if (rule.rule === 'fixed' || rule.rule === 'rpe') return [rule.rule];
  const words = rule.rule === meant(asked) ? [] : [rule.rule as string];
  words.push(`+${rule.increment}${rule.increment_unit}`);
  if (rule.rule === 'linear' && (rule.deload_percent !== 10 || rule.deload_after !== 3)) words.push(`-${rule.deload_percent}%/${rule.deload_after}`);
  if (rule.rule === 'percent' && rule.training_max_percent !== 90) words.push(`tm${rule.training_max_percent}`);
  if (rule.rule === 'percent' && rule.deload_percent !== 10) words.push(`-${rule.deload_percent}%`);
  return words;
}

/** Whether two ask the same; the number of sets that are said one by one is no more than their number. */
export function same(one: Asked, other: Asked): boolean {
  return plain(one) === plain(other);
}

const plain = (asked: Asked): string => {
  const { set_targets, progression, ...rest } = asked;
  const lines = (set_targets ?? []).map((each) => [each.kind ?? 'WORKING', each.reps_min ?? null, each.reps_max ?? null, each.percent ?? null, each.rpe ?? null, each.duration_seconds ?? null]);
  const known = Object.keys(NOTHING).map((name) => (name in rest ? (rest as Record<string, unknown>)[name] : null));
  if (set_targets) known[Object.keys(NOTHING).indexOf('sets')] = set_targets.length;
  return JSON.stringify([known, set_targets ? lines : null, progression && Object.entries(progression).sort()]);
};

/** "Bench press 3x8 @80kg" as an exercise to look for and what to ask of it. */
export function split(text: string): { name: string; line: string } {
  const at = / (?=\d+\s*[x×*]\s*\d|\d+(?:[.,]\d+)?\s?(?:kg|lbs?|%|s|min|km|m)\b|\d+(?:-\d+)?\+?(?=$|[\s,@])|[wdf]\d+\b|@\s?\d|r\d+)/i.exec(text);
  return at ? { name: text.slice(0, at.index).trim(), line: text.slice(at.index + 1).trim() } : { name: text.trim(), line: '' };
}
