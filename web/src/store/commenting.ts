/** What was said of one's own sessions: read, answered and noticed without signal. */
import { api } from '../api/client';
import { uuid7 } from '../domain/ids';
import { account } from './account.svelte';
import { store } from './db';
import { sessionName } from './reading';
import type { CommentRow } from './rows';
import { write } from './write';

const COMMENT = 'session_comment';
// A device that was just signed in on does not announce what is long known.
const NEWS_DAYS = 14;
const DAY_MS = 86_400_000;

export interface Said {
  comment: CommentRow;
  own: boolean;
  /** Null where it is not known on this device. */
  author: string | null;
}

/** What was said of a session, oldest first. */
export async function readComments(session_id: string): Promise<Said[]> {
  const found = await store().session_comment.where('user_workout_session_id').equals(session_id).sortBy('created_at');
  const names = await namesKnown();
  return found.map((comment) => ({ comment, own: isOwn(comment), author: names[comment.created_by] ?? null }));
}

const isOwn = (comment: CommentRow): boolean => comment.created_by === account.user?.id;

/** Says something of a session. */
export async function comment(session_id: string, comment_text: string): Promise<void> {
  const fields = { user_workout_session_id: session_id, comment_text };
  const local = { ...fields, created_by: account.user!.id, created_at: new Date().toISOString() };
  await write([COMMENT], async () => [{ table: COMMENT, row_id: uuid7(), action: 'insert', fields, local }]);
}

/** Says one's own in other words. */
export const editComment = ({ id }: CommentRow, comment_text: string): Promise<void> =>
  write([COMMENT], async () => [{ table: COMMENT, row_id: id, action: 'update', fields: { comment_text }, local: { comment_text } }]);

/** Takes a comment away: one's own, or anybody's on one's own session. */
export const deleteComment = ({ id }: CommentRow): Promise<void> =>
  write([COMMENT], async () => [{ table: COMMENT, row_id: id, action: 'delete', fields: {}, local: null }]);

// --- Who it was ------------------------------------------------------------------------------------------------------
// A row names its author by id alone. The names come with the comments' own route and are kept, for reading without signal.

const NAMES = 'names';
const namesKnown = async (): Promise<Record<string, string>> => ((await store().meta.get(NAMES))?.value as Record<string, string> | undefined) ?? {};

/** Asks who wrote what is here, where that is not known. Without a server nothing happens. */
export async function learnNames(session_id: string): Promise<void> {
  const unknown = (await readComments(session_id)).some((said) => !said.own && said.author === null && said.comment.version);
  if (!unknown) return;
  const path = { athlete: 'me', session_id };
  const { data } = await api.GET('/api/v1/athletes/{athlete}/sessions/{session_id}/comments', { params: { path, query: { limit: 200 } } }).catch(() => ({ data: undefined }));
  const found = (data?.items ?? []).flatMap((each) => (each.author_name ? [[each.created_by, each.author_name] as const] : []));
  if (!found.length) return;
  const db = store();
  await db.transaction('rw', db.meta, async () => void (await db.meta.put({ key: NAMES, value: { ...(await namesKnown()), ...Object.fromEntries(found) } })));
}

// --- What is new -----------------------------------------------------------------------------------------------------

const seenKey = (session_id: string): string => `seen:${session_id}`;

/** The comments of a session are on the screen: on this device they are no news any more. */
export async function markSeen(session_id: string, said: readonly Said[]): Promise<void> {
  const newest = said.findLast((each) => !each.own)?.comment.created_at;
  if (newest && newest > (await seenUntil(session_id))) await store().meta.put({ key: seenKey(session_id), value: newest });
}

const seenUntil = async (session_id: string): Promise<string> => ((await store().meta.get(seenKey(session_id)))?.value as string | undefined) ?? '';

export interface News {
  session_id: string;
  name: string;
  author: string | null;
  count: number;
}

/** Sessions with comments by others that were neither seen on this device nor answered on any, the newest first. */
export async function readNews(now = Date.now()): Promise<News[]> {
  const since = new Date(now - NEWS_DAYS * DAY_MS).toISOString();
  const recent = await store().session_comment.where('created_at').above(since).reverse().sortBy('created_at');
  const names = await namesKnown();
  const news: News[] = [];
  for (const session_id of new Set(recent.map((each) => each.user_workout_session_id))) {
    const mine = recent.filter((each) => each.user_workout_session_id === session_id);
    const answered = mine.find(isOwn)?.created_at ?? '';
    const seen = await seenUntil(session_id);
    const fresh = mine.filter((each) => !isOwn(each) && each.created_at > seen && each.created_at > answered);
    const session = fresh.length ? await store().user_workout_session.get(session_id) : undefined;
    if (session) news.push({ session_id, name: await sessionName(session), author: names[fresh[0]!.created_by] ?? null, count: fresh.length });
  }
  return news;
}
