import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Unreachable } from '../src/api/client';
import { endLeft, isLeft, leave } from '../src/store/leaving';

const problem = (status: number): Response => new Response(JSON.stringify({ type: 'urn:reptrail:problem:any', title: 'Any', status }), { status });
const answers = (response: () => Response): void => void vi.stubGlobal('fetch', async () => response());

beforeEach(() => {
  localStorage.clear();
  leave();
});
afterEach(() => vi.unstubAllGlobals());

it.each([
  ['the server ended it', () => new Response(null, { status: 204 })],
  ['it has ended already', () => problem(401)],
  ['its account was deleted meanwhile', () => problem(410)],
])('is over where %s', async (_, response) => {
  answers(response);
  await endLeft();
  expect(isLeft()).toBe(false);
});

it.each([
  ['a page that is not the server’s says so', () => new Response('<h1>Room number?</h1>', { status: 401 })],
  ['such a page takes anything', () => new Response('<h1>Welcome</h1>', { status: 200 })],
  ['the server is down', () => problem(503)],
  ['it is asked too often', () => problem(429)],
])('is not over where %s', async (_, response) => {
  answers(response);
  await expect(endLeft()).rejects.toBeInstanceOf(Unreachable);
  expect(isLeft()).toBe(true);
});
