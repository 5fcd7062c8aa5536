/// <reference lib="webworker" />
// Keeps the app itself on the device; what the athlete writes is the page's own business (store/). The list of what to keep is
// Vite's manifest: hashed files are kept for ever, and those of an older version are dropped once the new one is whole.
export {};
const worker = self as unknown as ServiceWorkerGlobalScope;

const SHELL = 'shell';
const PAGES = ['/', '/theme.js', '/icon.svg', '/manifest.webmanifest'];

async function keep(): Promise<void> {
  const cache = await caches.open(SHELL);
  const manifest = (await (await fetch('/manifest.json', { cache: 'no-cache' })).json()) as Record<string, { file: string; css?: string[] }>;
  const assets = Object.values(manifest).flatMap((entry) => [entry.file, ...(entry.css ?? [])]);
  const wanted = new Set([...PAGES, ...assets.filter((file) => file !== 'sw.js').map((file) => `/${file}`)]);
  const kept = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll([...wanted].filter((path) => PAGES.includes(path) || !kept.has(path)).map((path) => new Request(path, { cache: 'no-cache' })));
  for (const path of kept) if (!wanted.has(path)) await cache.delete(path);
}

worker.addEventListener('install', (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || /^\/(api|static|healthz|readyz|metrics)/.test(url.pathname)) return;
  const asked = event.request.mode === 'navigate' ? '/' : event.request;
  event.respondWith(caches.match(asked, { ignoreSearch: true }).then((found) => found ?? fetch(event.request)));
});

// A notification of the rest timer brings the app back to the front.
worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const open = worker.clients.matchAll({ type: 'window' });
  event.waitUntil(open.then(async ([first]) => void (first ? await first.focus() : await worker.clients.openWindow('/'))));
});
