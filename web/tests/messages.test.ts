import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import en from '../src/i18n/en.json';
import { base, naming } from '../src/i18n/split';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /\.(svelte|ts)$/.test(name) && !name.includes('schema'));
const source = files.map((name) => readFileSync(join('src', name), 'utf8')).join('\n');

const isNamed = naming(source);

it('has no message that no screen uses', () => {
  const unused = Object.keys(en).filter((key) => !isNamed(key));
  expect(unused).toEqual([]);
});

it('has every message that a screen uses', () => {
  const known = new Set(Object.keys(en).map(base));
  const used = [...source.matchAll(/\bt\('([^']+)'/g)].map((match) => match[1]!);
  expect(used.length).toBeGreaterThan(50);
  expect(used.filter((key) => !known.has(key))).toEqual([]);
});

it('has plural forms in full', () => {
  for (const key of Object.keys(en).filter((key) => key.endsWith('_one'))) expect(Object.keys(en)).toContain(`${base(key)}_other`);
});

it('leaves no words in the screens', () => {
  const views = files.filter((name) => name.endsWith('.svelte'));
  const words = views.flatMap((name) => {
    let markup = readFileSync(join('src', name), 'utf8').replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<!--[\s\S]*?-->/g, '');
    for (let before = ''; before !== markup; ) [before, markup] = [markup, markup.replace(/\{[^{}]*\}/g, '')];
    return [...markup.matchAll(/>([^<>]*[A-Za-z]{3,}[^<>]*)</g)].map((match) => `${name}: ${match[1]!.trim()}`);
  });
  expect(words.filter((word) => !/: Reptrail$|· Reptrail$/.test(word))).toEqual([]);
});
