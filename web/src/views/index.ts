import type { Component } from 'svelte';

interface Found {
  load: () => Promise<{ default: Component<any> }>;
  props: Record<string, string>;
  bare: boolean;
}

interface View {
  path: RegExp;
  load: Found['load'];
  bare?: boolean;
}

// Every screen on one page: its path and its file, which is fetched when it is first gone to. Named groups become its properties.
const VIEWS: View[] = [
  { path: /^\/$/, load: () => import('./Today.svelte') },
  { path: /^\/train\/(?<id>[\w-]+)$/, load: () => import('./Training.svelte'), bare: true },
  { path: /^\/history$/, load: () => import('./History.svelte') },
  { path: /^\/history\/(?<id>[\w-]+)$/, load: () => import('./Session.svelte') },
  { path: /^\/waiting$/, load: () => import('./Waiting.svelte') },
  { path: /^\/settings$/, load: () => import('./Settings.svelte') },
];

/** The screen of a path. */
export function viewOf(path: string): Found {
  for (const view of VIEWS) {
    const match = view.path.exec(path);
    if (match) return { load: view.load, props: { ...match.groups }, bare: view.bare ?? false };
  }
  return { load: () => import('./Missing.svelte'), props: {}, bare: false };
}
