/** What comes and goes over /sync (docs/sync.md), as far as the app reads it. */
import type { Row } from '../store/rows';

export interface Pull {
  changes: { seq: number; table: string; id: string; version: number | null; row: Record<string, unknown> | null }[];
  next_since: number;
  mark: string;
  has_more: boolean;
  head_seq: number;
}

export interface Pushed {
  results: {
    id: string;
    /** The row's own id, which for a new performance is not the operation's. */
    row_id: string;
    version?: number | null;
    status: 'APPLIED' | 'ALREADY_APPLIED' | 'MERGED' | 'CONFLICT' | 'REFUSED';
    row?: Record<string, unknown> | null;
    current?: Record<string, unknown> | null;
    problem?: Record<string, unknown>;
  }[];
  head_seq: number;
}

export interface Catalog {
  rows: { table: string; row: Row }[];
}
