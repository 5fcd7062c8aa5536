/**
 * What the server computed of the athlete's progress, kept on the device: a screen shows what is here at once, and has it asked for anew
 * where there is a connection. Nothing of it is computed on the device, so the same number cannot be two.
 */
import type { paths } from '../api/schema';
import { addDays, dayOf } from '../domain/days';
import { ask } from '../sync/http';
import { account } from './account.svelte';
import { store, type ReportRow } from './db';

const KEPT_AT_MOST = 200;

type Under<Path> = Path extends `/api/v1/athletes/{athlete}/${infer Rest}` ? Rest : never;
/** A route of progress, from `progress/` on. */
export type ReportPath = Extract<Under<keyof paths>, `progress/${string}` | 'goals'>;
type Get<P extends ReportPath> = paths[`/api/v1/athletes/{athlete}/${P}`]['get'];
/** What such a route answers. */
export type Answer<P extends ReportPath> = Get<P> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

export interface Asked<P extends ReportPath> {
  /** What stands in braces in the path. */
  path?: Record<string, string>;
  query?: NonNullable<Get<P>['parameters']['query']>;
  /** A period that ends today. Its first day is reckoned when it is asked for: what is kept goes by the length, or each morning nothing would be. */
  days?: number;
}

/** Under what a report is kept. */
export const keyOf = <P extends ReportPath>(path: P, { path: parts, query, days }: Asked<P>): string =>
  addressed(path, parts, { ...query, ...(days ? { days } : {}) });

const addressOf = <P extends ReportPath>(path: P, { path: parts, query, days }: Asked<P>, today: string): string =>
  addressed(path, parts, { ...query, ...(days ? { from: addDays(today, 1 - days) } : {}) });

function addressed(path: string, parts: Record<string, string> = {}, query: object): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  return given.length ? `${filled}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : filled;
}

/** Up to which place of the server's ledger this device has heard. */
export async function readHead(): Promise<number> {
  const place = (await store().meta.get('place'))?.value as { since: number } | undefined;
  return place?.since ?? 0;
}

export const readReport = (key: string): Promise<ReportRow | undefined> => store().reports.get(key);

/** Asks the server and keeps what it says. Throws Refused or Unreachable. */
export async function refreshReport<P extends ReportPath>(path: P, asked: Asked<P>): Promise<void> {
  // Whoever signs in meanwhile has a store of their own.
  const db = store();
  const key = keyOf(path, asked);
  const [head, kept] = [await readHead(), await db.reports.get(key)];
  const address = addressOf(path, asked, dayOf(Date.now(), account.zone));
  const { answer, etag } = await ask<Answer<P>>(`/api/v1/athletes/${account.user?.id}/${address}`, kept?.etag ? { etag: kept.etag } : {});
  await db.reports.put({ key, body: answer ?? kept?.body, etag, read_at: Date.now(), head });
  const spare = (await db.reports.count()) - KEPT_AT_MOST;
  if (spare > 0) await db.reports.bulkDelete(await db.reports.orderBy('read_at').limit(spare).primaryKeys());
}
