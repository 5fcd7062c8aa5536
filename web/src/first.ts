/**
 * What a first visit waits for, for the build: in few files, named before anything asks for them, and compressed as well as can be. (On a
 * slow line a file costs a tenth of a second however small it is, and one that another one names costs it after that one came.)
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { OutputBundle, OutputChunk } from 'rolldown';
import { normalizePath, type Plugin } from 'vite';
import { reached } from './i18n/split.ts';

const SMALLEST = 1000;
const COMPRESSED = /\.(js|css|svg|json|webmanifest)$/;

/** The chunk of a module: one of all that Today needs, with what of Training's others need too, and one of the rest of Training. */
export function chunks(src: string): (id: string) => string | null {
  const at = (names: string[]): Set<string> => new Set(reached(names.map((name) => join(src, name))).map(normalizePath));
  const today = at(['main.ts', 'App.svelte', 'views/Today.svelte']);
  const training = at(['views/Training.svelte']);
  return (id) => {
    if (id.includes('/node_modules/') || today.has(id) || id.includes('virtual:words/first')) return 'app';
    if (!training.has(id)) return null;
    return id.endsWith('.ts') && !id.endsWith('.svelte.ts') ? 'app' : 'training';
  };
}

/** Vite's plugin: writes into theme.js what the screen at hand needs besides, and beside each file its compressed forms. */
export function first(): Plugin {
  let named: Record<string, string[]> = {};
  return {
    name: 'first',
    apply: 'build',
    generateBundle(_, bundle) {
      named = { train: besides(bundle, 'views/Training.svelte'), out: besides(bundle, 'views/Welcome.svelte') };
    },
    writeBundle({ dir }) {
      const theme = join(dir!, 'theme.js');
      writeFileSync(theme, readFileSync(theme, 'utf8').replace('{ /* needed */ }', JSON.stringify(named)));
      for (const path of files(dir!)) compress(path);
    },
  };
}

/** The files of a screen that do not come with the app. */
function besides(bundle: OutputBundle, view: string): string[] {
  const all = Object.values(bundle).filter((each): each is OutputChunk => each.type === 'chunk');
  const closure = (names: string[]): Set<string> => {
    const found = new Set(names);
    for (const name of found) for (const next of (bundle[name] as OutputChunk | undefined)?.imports ?? []) found.add(next);
    return found;
  };
  const come = closure(all.filter((each) => each.isEntry && each.name === 'app').map((each) => each.fileName));
  const wanted = closure(all.filter((each) => each.facadeModuleId?.endsWith(view) || each.moduleIds.some((id) => id.endsWith(view))).map((each) => each.fileName));
  const css = (names: Set<string>): string[] => [...names].flatMap((name) => [...((bundle[name] as { viteMetadata?: { importedCss: Set<string> } } | undefined)?.viteMetadata?.importedCss ?? [])]);
  const styled = new Set(css(come));
  return [...[...wanted].filter((name) => !come.has(name)), ...css(wanted).filter((name) => !styled.has(name))].map((name) => `/${name}`);
}

const files = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile() && COMPRESSED.test(each.name)).map((each) => join(each.parentPath, each.name));

function compress(path: string): void {
  const text = readFileSync(path);
  if (text.length < SMALLEST) return;
  writeFileSync(`${path}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }));
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
}
