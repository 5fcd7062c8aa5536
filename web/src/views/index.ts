import type { Component } from 'svelte';
import type { Key } from '../i18n';
import Today from './Today.svelte';

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

// Every screen on one page: its path and its file, which is fetched when it is first gone to; where most visits begin comes with the app. Named groups become its properties.
const VIEWS: View[] = [
  { path: /^\/$/, load: () => Promise.resolve({ default: Today }), title: 'tab.today' },
  { path: /^\/train\/(?<id>[\w-]+)$/, load: () => import('./Training.svelte'), bare: true },
  { path: /^\/train\/(?<id>[\w-]+)\/done$/, load: () => import('./Summary.svelte') },
  { path: /^\/history$/, load: () => import('./History.svelte'), title: 'history.title' },
  { path: /^\/history\/(?<id>[\w-]+)$/, load: () => import('./Session.svelte') },
  { path: /^\/progress$/, load: () => import('./Progress.svelte'), title: 'progress.title' },
  { path: /^\/progress\/exercises\/(?<id>[\w-]+)$/, load: () => import('./ProgressExercise.svelte') },
  { path: /^\/progress\/records$/, load: () => import('./ProgressRecords.svelte'), title: 'progress.to.records' },
  { path: /^\/progress\/muscles$/, load: () => import('./ProgressMuscles.svelte'), title: 'progress.to.muscles' },
  { path: /^\/programs$/, load: () => import('./Programs.svelte'), title: 'programs.title' },
  { path: /^\/programs\/new$/, load: () => import('./ProgramEditor.svelte'), bare: true, title: 'editor.titleNew' },
  { path: /^\/programs\/(?<id>[\w-]+)\/edit$/, load: () => import('./ProgramEditor.svelte'), bare: true, title: 'editor.title' },
  { path: /^\/programs\/(?<id>[\w-]+)$/, load: () => import('./Program.svelte') },
  { path: /^\/workouts$/, load: () => import('./Workouts.svelte'), title: 'programs.workouts' },
  { path: /^\/workouts\/new$/, load: () => import('./WorkoutEditor.svelte'), bare: true, title: 'workouts.new' },
  { path: /^\/workouts\/(?<id>[\w-]+)\/edit$/, load: () => import('./WorkoutEditor.svelte'), bare: true, title: 'workouts.edit' },
  { path: /^\/workouts\/(?<id>[\w-]+)$/, load: () => import('./Workout.svelte') },
  { path: /^\/progress\/load$/, load: () => import('./Load.svelte'), title: 'load.title' },
  { path: /^\/progress\/year$/, load: () => import('./Year.svelte'), title: 'year.title' },
  { path: /^\/progress\/body$/, load: () => import('./Body.svelte'), title: 'body.title' },
  { path: /^\/progress\/body\/(?<metric>[\w-]+)$/, load: () => import('./Metric.svelte') },
  { path: /^\/progress\/goals$/, load: () => import('./Goals.svelte'), title: 'goals.title' },
  { path: /^\/progress\/goals\/(?<id>[\w-]+)$/, load: () => import('./Goal.svelte') },
  { path: /^\/import$/, load: () => import('./Import.svelte'), title: 'import.title' },
  { path: /^\/waiting$/, load: () => import('./Waiting.svelte'), title: 'waiting.title' },
  { path: /^\/coach$/, load: () => import('./Coach.svelte'), title: 'coach.title' },
  { path: /^\/coach\/(?<id>[\w-]+)(\/(?<section>sessions|progress|body))?$/, load: () => import('./Athlete.svelte') },
  { path: /^\/coach\/(?<id>[\w-]+)\/sessions\/(?<session_id>[\w-]+)$/, load: () => import('./AthleteSession.svelte') },
  { path: /^\/sharing$/, load: () => import('./Sharing.svelte'), title: 'sharing.title' },
  { path: /^\/sharing\/new$/, load: () => import('./LetIn.svelte'), title: 'sharing.title' },
  { path: /^\/invitation\/(?<code>[\w-]+)$/, load: () => import('./Invitation.svelte'), title: 'sharing.title' },
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
