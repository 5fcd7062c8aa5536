// What is said of workouts, on the device alone: nobody syncs here (sync.test.ts does).
import { beforeEach, expect, it } from 'vitest';
import { account, type User } from '../src/store/account.svelte';
import { comment, deleteComment, editComment, markSeen, readComments, readNews } from '../src/store/commenting';
import { openStore, store } from '../src/store/db';
import type { CommentRow, SessionRow } from '../src/store/rows';

const NOW = Date.parse('2026-03-20T12:00:00Z');
const SESSION = 'session';
let run = 0;

const said = (id: string, by: string, on: string): CommentRow => ({ id, version: 1, user_workout_session_id: SESSION, comment_text: id, created_by: by, created_at: `${on}T10:00:00+00:00` });
const news = async () => (await readNews(NOW)).map(({ count, author }) => [count, author]);

beforeEach(async () => {
  account.user = { id: 'ann' } as User;
  openStore(`ann-${++run}`);
  await store().user_workout_session.put({ id: SESSION, version: 1, workout_id: null, workout_name: 'Monday', history_at: '2026-03-18' } as SessionRow);
});

it('tells of what others said until it was seen', async () => {
  await store().session_comment.bulkPut([said('a', 'carl', '2026-03-18'), said('b', 'carl', '2026-03-19')]);
  await store().meta.put({ key: 'names', value: { carl: 'Carl' } });
  expect(await news()).toEqual([[2, 'Carl']]);
  await markSeen(SESSION, await readComments(SESSION));
  expect(await news()).toEqual([]);
  await store().session_comment.put(said('c', 'dora', '2026-03-20'));
  expect(await news()).toEqual([[1, null]]);
});

it('holds what was answered on another device for seen, and what is long past for known', async () => {
  await store().session_comment.bulkPut([said('a', 'carl', '2026-03-18'), said('b', 'ann', '2026-03-19')]);
  expect(await news()).toEqual([]);
  await store().session_comment.bulkPut([said('c', 'carl', '2026-03-20')]);
  expect(await news()).toEqual([[1, null]]);
  await store().session_comment.bulkPut([said('c', 'carl', '2026-03-01')]);
  expect(await news()).toEqual([]);
});

it('says nothing of a workout that is not there', async () => {
  await store().session_comment.put({ ...said('a', 'carl', '2026-03-19'), user_workout_session_id: 'deleted' });
  expect(await news()).toEqual([]);
});

it('keeps what is written with its place in the queue', async () => {
  await comment(SESSION, 'Elbows out.');
  const [own] = await readComments(SESSION);
  expect([own!.own, own!.comment.comment_text, own!.comment.version]).toEqual([true, 'Elbows out.', 0]);
  await editComment(own!.comment, 'Elbows in.');
  const [insert, ...more] = await store().outbox.toArray();
  expect([insert!.table, insert!.action, insert!.fields, more]).toEqual(['session_comment', 'insert', { user_workout_session_id: SESSION, comment_text: 'Elbows in.' }, []]);
  await deleteComment(own!.comment);
  expect([await readComments(SESSION), await store().outbox.count()]).toEqual([[], 0]);
  await store().session_comment.put(said('b', 'carl', '2026-03-19'));
  await deleteComment(said('b', 'carl', '2026-03-19'));
  expect((await store().outbox.toArray()).map((op) => [op.action, op.row_id, op.base_version])).toEqual([['delete', 'b', 1]]);
});
