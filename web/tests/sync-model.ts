/** A small model of the server's side of /sync (docs/sync.md): rows with versions, a ledger, operations applied once. */
import { uuid7 } from '../src/domain/ids';

type Fields = Record<string, unknown>;
interface ServerRow extends Fields {
  id: string;
  version: number;
}
interface Change {
  seq: number;
  table: string;
  id: string;
  version: number;
  by: string | null;
  columns: string[];
}
interface Told {
  id: string;
  table: string;
  row_id: string;
  action: string;
  verb?: string;
  base_version?: number;
  after: string[];
  fields: Fields;
}

const SESSION = 'user_workout_session';
const PERFORMANCE = 'user_exercise_performance';
const SET = 'user_set_performance';

export class Server {
  rows = new Map<string, { table: string; row: ServerRow | null; version: number }>();
  changes: Change[] = [];
  applied = new Map<string, { said: string; row_id: string }>();
  epoch = 'a';
  asked: string[] = [];
  /** What happens to the next requests, in order: 'lost' is done but not answered, 'down' not even done. */
  fate: ('lost' | 'down' | 'busy' | 'signed out' | 'too much')[] = [];
  /** How a set of so many repetitions is refused. */
  mostReps = 1000;
  /** Of which table it makes no row. */
  refusing: string | null = null;
  page = 7;

  constructor(readonly userId: string) {}

  /** Takes the place of the browser's fetch. */
  fetch = async (path: string, { method = 'GET', body }: { method?: string; body?: string } = {}): Promise<Response> => {
    this.asked.push(`${method} ${path}`);
    const fate = this.fate.shift();
    if (fate === 'down') throw new TypeError('Failed to fetch');
    if (fate === 'busy') return json(503, { type: 'urn:reptrail:problem:unavailable', title: 'Busy', status: 503 });
    if (fate === 'signed out') return json(401, { type: 'urn:reptrail:problem:unauthenticated', title: 'Sign in', status: 401 });
    if (!path.startsWith(`/api/v1/athletes/${this.userId}/sync`)) return json(404, { type: 'urn:reptrail:problem:not-found', title: 'Not there', status: 404 });
    if (fate === 'too much' && body) return json(413, { type: 'urn:reptrail:problem:too-large', title: 'Too large', status: 413 });
    const answer = body ? this.push((JSON.parse(body) as { operations: Told[] }).operations) : path.includes('/catalog') ? { rows: [] } : path.includes('/first') ? this.first() : this.pull(new URL(path, 'http://x').searchParams);
    if (fate === 'lost') throw new TypeError('Failed to fetch');
    return answer instanceof Response ? answer : json(200, answer);
  };

  // --- What is there -------------------------------------------------------------------------------------------------

  live(table: string): ServerRow[] {
    return [...this.rows.values()].flatMap((each) => (each.table === table && each.row ? [each.row] : []));
  }

  write(table: string, id: string, fields: Fields | null, by: string | null = null): void {
    const old = this.rows.get(id);
    const version = (old?.version ?? 0) + 1;
    const row = fields === null ? null : ({ ...old?.row, ...fields, id, version } as ServerRow);
    this.rows.set(id, { table, row, version });
    this.changes.push({ seq: this.changes.length + 1, table, id, version, by, columns: Object.keys(fields ?? {}) });
  }

  /** Back to how it stood after a change: restored from a backup. */
  restoreBackup(seq: number): void {
    const kept = this.changes.slice(0, seq);
    const ids = new Set(kept.map((each) => each.id));
    for (const id of this.rows.keys()) if (!ids.has(id)) this.rows.delete(id);
    this.changes = kept;
    this.applied.clear();
    this.epoch += 'b';
  }

  /** What changed last. */
  private first(): unknown {
    const newest = [...new Set(this.changes.map((each) => each.id).reverse())].slice(0, 5).map((id) => ({ id, ...this.rows.get(id)! }));
    return { rows: newest.filter((each) => each.row) };
  }

  // --- Pulling -------------------------------------------------------------------------------------------------------

  private pull(query: URLSearchParams): unknown {
    const since = Number(query.get('since'));
    const head = this.changes.length;
    if (since > head || (since > 0 && query.get('mark') !== this.epoch)) return json(409, { type: 'urn:reptrail:problem:sync-reset', title: 'Anew', status: 409 });
    const until = Math.min(head, since + this.page);
    const last = new Map(this.changes.map((each) => [each.id, each.seq]));
    const changes = this.changes.slice(since, until).filter((each) => last.get(each.id) === each.seq);
    const shown = changes.map(({ seq, table, id, version }) => ({ seq, table, id, version, row: this.rows.get(id)!.row }));
    return { changes: shown, next_since: until, mark: this.epoch, has_more: until < head, head_seq: head };
  }

  // --- Pushing -------------------------------------------------------------------------------------------------------

  private push(operations: Told[]): unknown {
    const refused = new Map<string, string>();
    const results = operations.map((op) => {
      const result = this.apply(op, refused);
      if (op.action === 'insert' && result['status'] === 'REFUSED') refused.set(op.row_id, op.id);
      return { id: op.id, table: op.table, row_id: op.row_id, ...result };
    });
    for (const result of results as Fields[]) {
      if (result['status'] === 'REFUSED') continue;
      const now = this.rows.get(result['row_id'] as string)?.row ?? null;
      Object.assign(result, { version: now?.version ?? null, [result['status'] === 'CONFLICT' ? 'current' : 'row']: now });
    }
    return { results, head_seq: this.changes.length };
  }

  private apply(op: Told, refused: ReadonlyMap<string, string>): Fields {
    const said = JSON.stringify([op.table, op.row_id, op.action, op.verb, op.fields]);
    const known = this.applied.get(op.id);
    if (known) return known.said === said ? { status: 'ALREADY_APPLIED', row_id: known.row_id } : refusal('id-taken');
    for (const id of [...(op.action === 'insert' ? [] : [op.row_id]), ...Object.values(op.fields)]) {
      const cause = refused.get(id as string);
      if (cause) return refusal('depends-on-refused', { operation_id: cause });
    }
    if (Number(op.fields['reps'] ?? 0) > this.mostReps) return refusal('invalid', { errors: [{ pointer: '/fields/reps', detail: 'too many' }] });
    if (op.action === 'insert' && op.table === this.refusing) return refusal('invalid');
    const there = this.rows.get(op.row_id);
    if (op.action === 'insert') {
      if (there) return refusal('id-taken');
      if (op.table === SET && !this.rows.get(op.fields['user_workout_session_id'] as string)?.row) return refusal('not-found');
      this.write(op.table, op.row_id, this.made(op), op.id);
    } else {
      if (!there) return refusal('not-found');
      if (!there.row) {
        if (op.action !== 'delete') return { status: 'CONFLICT' };
        this.applied.set(op.id, { said, row_id: op.row_id });
        return { status: 'ALREADY_APPLIED' };
      }
      const others = this.changedByOthers(op);
      const given = op.action === 'delete' ? [...others] : Object.keys(op.fields).filter((name) => there.row![name] !== op.fields[name]);
      if (given.some((name) => others.has(name))) return { status: 'CONFLICT' };
      if (op.action === 'delete') this.remove(op.row_id, op.id);
      else this.write(op.table, op.row_id, { ...op.fields, ...(op.verb ? { session_status: STATES[op.verb] } : {}) }, op.id);
    }
    this.applied.set(op.id, { said, row_id: op.row_id });
    return { status: 'APPLIED' };
  }

  private changedByOthers(op: Told): Set<string> {
    if (!op.base_version && !op.after.length) return new Set();
    const since = this.changes.filter((each) => each.id === op.row_id && each.version > (op.base_version ?? 0) && !op.after.includes(each.by ?? ''));
    return new Set(since.flatMap((each) => each.columns));
  }

  private made(op: Told): Fields {
    if (op.table !== SET) return { history_at: '2026-01-01T00:00:00Z', ...op.fields };
    const { user_workout_session_id: session, exercise_id, ...fields } = op.fields;
    let performance = this.live(PERFORMANCE).find((each) => each['user_workout_session_id'] === session && each['exercise_id'] === exercise_id);
    if (!performance) {
      const id = uuid7();
      this.write(PERFORMANCE, id, { user_workout_session_id: session, exercise_id, exercise_instruction_id: id }, op.id);
      performance = this.rows.get(id)!.row!;
    }
    return { ...fields, exercise_id, user_exercise_performance_id: performance.id };
  }

  /** Hides a row, and of a session all that hangs on it. */
  remove(id: string, by: string | null = null): void {
    const { table } = this.rows.get(id)!;
    if (table === SESSION) {
      for (const each of this.live(PERFORMANCE).filter((row) => row['user_workout_session_id'] === id)) {
        for (const set of this.live(SET).filter((row) => row['user_exercise_performance_id'] === each.id)) this.write(SET, set.id, null, by);
        this.write(PERFORMANCE, each.id, null, by);
      }
    }
    this.write(table, id, null, by);
  }
}

const STATES: Fields = { start: 'IN_PROGRESS', complete: 'COMPLETED', cancel: 'CANCELLED', skip: 'SKIPPED' };

const refusal = (slug: string, extra: Fields = {}): Fields => ({ status: 'REFUSED', problem: { type: `urn:reptrail:problem:${slug}`, title: slug, status: 422, ...extra } });

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
