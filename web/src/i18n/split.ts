/**
 * The catalogue in two parts, for the build: the words of what is loaded first come with it, all others with the first module that names
 * one of them. Which are which is read from the sources, so that nobody keeps a list and a language stays one file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { normalizePath, type Plugin } from 'vite';

// What somebody waits for: the app itself, and the screens it opens with.
const FIRST = ['main.ts', 'views/Welcome.svelte', 'views/Today.svelte', 'sharing/Notices.svelte', 'workouts/Quick.svelte', 'views/Training.svelte'];
const PARTS = 'virtual:words/';

const read = (file: string): string => readFileSync(file, 'utf8');

/** A message's key without the plural form it is of. */
export const base = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '');

/** Whether a source names a message: whole ('set.log'), up to what is filled in (`kind.${kind}`), or by the server's codes (said(['refusal'], …)). */
export function naming(source: string): (key: string) => boolean {
  const whole = new Set([...source.matchAll(/'([a-z]\w*(?:\.\w+)+|[a-z]+)'/gi)].map((match) => match[1]!));
  const coded = [...source.matchAll(/\bsaid\(\[([^\]]*)\]/g)].flatMap((match) => [...match[1]!.matchAll(/\w+/g)].map(([prefix]) => `${prefix}.`));
  const begun = [...[...source.matchAll(/t\(`([\w.]+)\$\{/g)].map((match) => match[1]!), ...coded];
  return (key) => whole.has(base(key)) || begun.some((start) => key.startsWith(start));
}

/** These sources and all that they import at once. */
export function reached(files: string[]): string[] {
  const found = new Set(files);
  for (const file of found) {
    for (const [, path] of read(file).matchAll(/^\s*(?:import|export)\s(?!type\b)(?:[^'"]*?\sfrom\s)?'(\.[^']+)'/gm)) {
      const at = join(dirname(file), path!);
      const source = ['', '.ts', '/index.ts'].map((end) => at + end).find((each) => /\.(ts|svelte)$/.test(each) && existsSync(each));
      if (source) found.add(source);
    }
  }
  return [...found];
}

/** Vite's plugin for `virtual:words/first` and `virtual:words/rest`. */
export function words(): Plugin {
  let src = '';
  let isFirst: (key: string) => boolean;
  let rest: string[] = [];
  const catalogue = (): [string, string][] => Object.entries(JSON.parse(read(join(src, 'i18n/en.json'))) as Record<string, string>);
  const part = (first: boolean): string => JSON.stringify(Object.fromEntries(catalogue().filter(([key]) => isFirst(key) === first)));
  return {
    name: 'words',
    enforce: 'post',
    configResolved: ({ root }) => void (src = normalizePath(join(root, 'src'))),
    buildStart() {
      isFirst = naming(reached(FIRST.map((name) => join(src, name))).map(read).join('\n'));
      rest = catalogue().map(([key]) => key).filter((key) => !isFirst(key));
    },
    resolveId: (id) => (id.startsWith(PARTS) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${PARTS}first`) return `export default ${part(true)}`;
      if (id === `\0${PARTS}rest`) return `import { learn } from ${JSON.stringify(join(src, 'i18n/index.ts'))}; learn(${part(false)});`;
      return undefined;
    },
    // Before the module runs its words are there.
    transform: (code, id) => (/\.(ts|svelte)$/.test(id) && id.startsWith(src) && rest.some(naming(read(id))) ? { code: `import '${PARTS}rest';${code}`, map: null } : undefined),
  };
}
