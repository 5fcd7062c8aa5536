import type { Component } from 'svelte';
import type { Key } from '../i18n';

interface Found {
  load: () => Promise<{ default: Component<any> }>;
  props: Record<string, string>;
  bare: boolean;
  title: Key | undefined;
}

interface View {
  path: RegExp;
  load: Found['load'];
  bare?: boolean;
  /** What the window is called; without it the screen says so itself. */
  title?: Key;
}

// Every screen on one page: its path and its file, which is fetched when it is first gone to. Named groups become its properties.
const VIEWS: View[] = [
  { path: /^\/$/, load: () => import('./Today.svelte'), title: 'tab.today' },
  { path: /^\/train\/(?<id>[\w-]+)$/, load: () => import('./Training.svelte'), bare: true },
  { path: /^\/train\/(?<id>[\w-]+)\/done$/, load: () => import('./Summary.svelte') },
  { path: /^\/history$/, load: () => import('./History.svelte'), title: 'history.title' },
  { path: /^\/history\/(?<id>[\w-]+)$/, load: () => import('./Session.svelte') },
  { path: /^\/programs$/, load: () => import('./Programs.svelte'), title: 'programs.title' },
  { path: /^\/programs\/(?<id>[\w-]+)$/, load: () => import('./Program.svelte') },
  { path: /^\/import$/, load: () => import('./Import.svelte'), title: 'import.title' },
  { path: /^\/waiting$/, load: () => import('./Waiting.svelte'), title: 'waiting.title' },
  { path: /^\/settings$/, load: () => import('./Settings.svelte'), title: 'settings.title' },
];

/** The screen of a path. */
export function viewOf(path: string): Found {
  for (const view of VIEWS) {
    const match = view.path.exec(path);
    if (match) return { load: view.load, props: { ...match.groups }, bare: view.bare ?? false, title: view.title };
  }
  return { load: () => import('./Missing.svelte'), props: {}, bare: false, title: 'missing.title' };
}
