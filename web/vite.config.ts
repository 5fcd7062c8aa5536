import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';
import { normalizePath } from 'vite';
import { chunks, first } from './src/first.ts';
import { words } from './src/i18n/split.ts';

const chunkOf = chunks(normalizePath(fileURLToPath(new URL('./src', import.meta.url))));

// The service worker is an entry of its own, at the root and without a hash: its address must not change, and it has to lie
// above everything it serves.
export default defineConfig({
  plugins: [svelte(), svelteTesting(), words(), first()],
  build: {
    outDir: '../src/reptrail/web_dist',
    emptyOutDir: true,
    target: 'es2022',
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    // No data: addresses, which the content security policy would have to allow.
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { app: 'index.html', sw: 'src/sw.ts' },
      output: {
        entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        codeSplitting: { groups: [{ name: chunkOf, priority: 1 }] },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8000' } },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'], setupFiles: ['tests/setup.ts'] },
});
