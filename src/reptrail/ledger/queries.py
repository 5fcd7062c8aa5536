"""Every SQL statement of the ledger. $1 is always the athlete."""

from reptrail.ledger.rules import RESTORED_COLUMNS

# The tables that are kept in the ledger and whose live rows are compared with it (a test compares with the triggers).
KEPT_TABLES = (
    "app_user", "api_token", "coach_grant", "import", "exercise", "workout", "workout_revision", "exercise_instruction",
    "program", "program_revision", "program_day", "program_day_workout", "exercise_mapping", "user_program_enrollment",
    "user_program_cycle", "user_workout_session", "user_exercise_performance", "user_set_performance", "user_prescription",
    "user_training_max", "user_equipment", "session_comment", "coach_invitation", "calendar_feed", "metric", "user_measurement",
    "user_goal",
)  # fmt: skip

_COLUMNS = "c.seq, c.actor_id, c.via, c.request_id, c.changed_at, c.table_name, c.row_id, c.action, c.before, c.after"

# The athlete's deleted sessions, last deleted first: $2 and $3 the last row's key, $4 limit. Sets that were deleted before their
# session do not come back with it, so only those of the same instant are counted. What went with an import that was undone comes
# back with that, or with the file: by itself it would stand there twice.
DELETED_SESSIONS = """
    SELECT coalesce(json_agg(d.document ORDER BY d.place) FILTER (WHERE d.place < $4), '[]') AS items, count(*) AS found,
           max(d.updated_at) FILTER (WHERE d.place = $4 - 1) AS last_deleted_at,
           (array_agg(d.id) FILTER (WHERE d.place = $4 - 1))[1] AS last_id
    FROM (
        SELECT r.id, r.deleted_at AS updated_at, row_to_json(r) AS document,
            row_number() OVER (ORDER BY r.deleted_at DESC, r.id DESC) AS place
        FROM (
            SELECT s.id, w.workout_name, s.session_name, s.session_status, s.history_at, s.updated_at AS deleted_at, (
                    SELECT count(*) FROM user_set_performance t
                    JOIN user_exercise_performance p ON p.user_id = t.user_id AND p.id = t.user_exercise_performance_id
                    WHERE t.user_id = $1 AND p.user_id = $1 AND p.user_workout_session_id = s.id AND t.updated_at = s.updated_at
                ) AS sets, s.version
            FROM user_workout_session s
            LEFT JOIN workout_revision w ON w.workout_id = s.workout_id AND w.revision = s.workout_revision
            WHERE s.user_id = $1 AND NOT s.is_active AND ($2::timestamptz IS NULL OR (s.updated_at, s.id) < ($2, $3::uuid))
              AND NOT EXISTS (SELECT FROM import m WHERE m.user_id = $1 AND m.id = s.import_id AND m.import_status = 'UNDONE')
            ORDER BY s.updated_at DESC, s.id DESC LIMIT $4) r) d
"""

# A page of changes as JSON, of `page`, which holds one more than asked for. Each actor's name is looked up once: that
# takes most of a millisecond.
_PAGE = """
    SELECT coalesce(json_agg(d.document ORDER BY d.seq) FILTER (WHERE d.place < {limit}), '[]') AS items, count(*) AS found,
        max(d.seq) FILTER (WHERE d.place < {limit}) AS last_seq{more}
    FROM (
        SELECT r.seq, row_to_json(r) AS document, row_number() OVER (ORDER BY r.seq) AS place
        FROM (SELECT c.seq, c.actor_id, n.actor_name, c.via, c.request_id, c.changed_at, c.table_name, c.row_id, c.action,
                  c.before, c.after
              FROM page c
              JOIN (SELECT a.actor_id, app.actor_name(a.actor_id) AS actor_name
                    FROM (SELECT DISTINCT p.actor_id FROM page p) a) n ON n.actor_id = c.actor_id) r) d
"""

_MORE = """,
        (SELECT h.seq FROM change_head h WHERE h.user_id = $1) AS head_seq,
        coalesce(app.allowed('training:read'), app.allowed('measurements:read'), app.allowed('account:read')) IS NULL AS is_blind"""

# Changes after $2 and up to $4, in order, $3 - 1 of them at most; `head_seq` is the newest there is, seen by the same
# snapshot, `is_blind` whether the actor may read none. The bound $4 is for speed: PostgreSQL takes the policy for a filter
# that lets one row in 200 through, and without it sorts all that comes after $2 (100,000 changes: 80 ms a page, not 2).
CHANGES = f"""
    WITH page AS MATERIALIZED (
        SELECT {_COLUMNS} FROM change c WHERE c.user_id = $1 AND c.seq > $2 AND c.seq <= $4 ORDER BY c.seq LIMIT $3)
    {_PAGE.format(limit="$3", more=_MORE)}
"""

# What hangs on a row ($2, of table $3), whether it is there or hidden. Of a session: its performances, their sets, what
# was prescribed, the private exercises they are of, and its own workout with revisions and instructions; of a performance
# its sets; of a workout its revisions and instructions.
PARTS = """
    SELECT 'user_exercise_performance' AS table_name, p.id FROM user_exercise_performance p
    WHERE p.user_id = $1 AND p.user_workout_session_id = $2 AND $3 = 'user_workout_session'
    UNION ALL
    SELECT 'user_set_performance', t.id FROM user_set_performance t
    JOIN user_exercise_performance p ON p.user_id = t.user_id AND p.id = t.user_exercise_performance_id
    WHERE t.user_id = $1 AND p.user_id = $1 AND p.user_workout_session_id = $2 AND $3 = 'user_workout_session'
    UNION ALL
    SELECT 'user_prescription', a.id FROM user_prescription a
    WHERE a.user_id = $1 AND a.user_workout_session_id = $2 AND $3 = 'user_workout_session'
    UNION ALL
    SELECT DISTINCT 'exercise', e.id FROM exercise e JOIN user_exercise_performance p ON p.exercise_id = e.id
    WHERE e.user_id = $1 AND p.user_id = $1 AND p.user_workout_session_id = $2 AND $3 = 'user_workout_session'
    UNION ALL
    SELECT 'user_set_performance', t.id FROM user_set_performance t
    WHERE t.user_id = $1 AND t.user_exercise_performance_id = $2 AND $3 = 'user_exercise_performance'
    UNION ALL
    SELECT 'workout', s.own_workout_id FROM user_workout_session s
    WHERE s.user_id = $1 AND s.id = $2 AND s.own_workout_id IS NOT NULL AND $3 = 'user_workout_session'
    UNION ALL
    SELECT 'workout_revision', r.id FROM workout_revision r
    JOIN user_workout_session s ON s.user_id = r.user_id AND s.own_workout_id = r.workout_id
    WHERE r.user_id = $1 AND s.user_id = $1 AND s.id = $2 AND $3 = 'user_workout_session'
    UNION ALL
    SELECT 'exercise_instruction', i.id FROM exercise_instruction i
    JOIN user_workout_session s ON s.user_id = i.user_id AND s.own_workout_id = i.workout_id
    WHERE i.user_id = $1 AND s.user_id = $1 AND s.id = $2 AND $3 = 'user_workout_session'
    UNION ALL
    SELECT 'workout_revision', r.id FROM workout_revision r
    WHERE r.user_id = $1 AND r.workout_id = $2 AND $3 = 'workout'
    UNION ALL
    SELECT 'exercise_instruction', i.id FROM exercise_instruction i
    WHERE i.user_id = $1 AND i.workout_id = $2 AND $3 = 'workout'
"""

# Every change of these rows ($2 tables, $3 ids), after $4, up to $5 - 1 of them.
HISTORY = f"""
    WITH page AS MATERIALIZED (
        SELECT {_COLUMNS} FROM unnest($2::text[], $3::uuid[]) AS w (table_name, id)
        JOIN change c ON c.row_id = w.id AND c.table_name = w.table_name
        WHERE c.user_id = $1 AND c.seq > $4 ORDER BY c.seq LIMIT $5)
    {_PAGE.format(limit="$5", more="")}
"""

# --- Restoring -------------------------------------------------------------------------------------------------------

# A row as it stands, hidden or not.
FIND_ROW = {
    table: f"SELECT t.version, t.is_active, to_jsonb(t) AS document FROM {table} t WHERE t.user_id = $1 AND t.id = $2"
    for table in RESTORED_COLUMNS
}

# When a row ($2 table, $3 id) was hidden last, and by which request.
LAST_HIDDEN = """
    SELECT c.seq, c.request_id FROM change c
    WHERE c.user_id = $1 AND c.table_name = $2 AND c.row_id = $3 AND c.action = 'UPDATE' AND c.after -> 'is_active' = 'false'
    ORDER BY c.seq DESC LIMIT 1
"""

# When an import was undone last, and by which request.
LAST_UNDONE = """
    SELECT c.seq, c.request_id FROM change c
    WHERE c.user_id = $1 AND c.table_name = 'import' AND c.row_id = $2 AND c.after ->> 'import_status' = 'UNDONE'
    ORDER BY c.seq DESC LIMIT 1
"""

# What a request ($2) hid of these rows ($3), or of all there are (null), and in which change. What the system calculates
# is left out: it is calculated again.
HIDDEN_BY = """
    SELECT c.table_name, c.row_id AS id, c.seq FROM change c
    WHERE c.user_id = $1 AND c.request_id = $2 AND ($3::uuid[] IS NULL OR c.row_id = ANY ($3))
      AND c.action = 'UPDATE' AND c.after -> 'is_active' = 'false'
      AND NOT (c.table_name = 'user_measurement' AND EXISTS (
          SELECT FROM user_measurement t WHERE t.user_id = $1 AND t.id = c.row_id AND t.measurement_source = 'CALCULATED'))
"""

# Of rows $2 those that another import than $3 brought which is undone itself: they stay away until that one comes back.
OF_UNDONE_IMPORTS = """
    SELECT t.id FROM user_set_performance t JOIN import i ON i.user_id = t.user_id AND i.id = t.import_id
    WHERE t.user_id = $1 AND i.user_id = $1 AND t.id = ANY ($2) AND i.import_status = 'UNDONE' AND i.id <> $3
    UNION ALL
    SELECT p.id FROM user_exercise_performance p JOIN import i ON i.user_id = p.user_id AND i.id = p.import_id
    WHERE p.user_id = $1 AND i.user_id = $1 AND p.id = ANY ($2) AND i.import_status = 'UNDONE' AND i.id <> $3
"""

# Whether there is a change $2, and the request it is in the middle of: null if that request's last change is $2.
CHANGE_AT = """
    SELECT c.seq, n.request_id AS unfinished FROM change c
    LEFT JOIN change n ON n.user_id = $1 AND n.seq = c.seq + 1 AND n.request_id = c.request_id
    WHERE c.user_id = $1 AND c.seq = $2
"""

# Which of the rows $2 were there after change $3.
THERE_AT = "SELECT DISTINCT c.row_id AS id FROM change c WHERE c.user_id = $1 AND c.row_id = ANY ($2) AND c.seq <= $3"

# The rows $2 as they stood after the changes $3, one each: for every column the newest value up to there.
_IMAGES = """
    SELECT w.id, jsonb_object_agg(k.key, k.value) AS image
    FROM unnest($2::uuid[], $3::bigint[]) AS w (id, seq)
    CROSS JOIN LATERAL (
        SELECT DISTINCT ON (e.key) e.key, e.value FROM change c CROSS JOIN LATERAL jsonb_each(c.after) e
        WHERE c.user_id = $1 AND c.table_name = '{table}' AND c.row_id = w.id AND c.seq <= w.seq
        ORDER BY e.key, c.seq DESC) k
    GROUP BY w.id"""

IMAGES = {table: f"SELECT x.id, x.image FROM ({_IMAGES.format(table=table)}) x" for table in RESTORED_COLUMNS}


def _restore(table: str, columns: tuple[str, ...]) -> str:
    # An image may be older than a column: jsonb_populate_record takes what it lacks from the row as it stands.
    return f"""
    UPDATE {table} AS t SET {", ".join(f"{name} = r.{name}" for name in columns)}
    FROM (
        SELECT r.* FROM ({_IMAGES.format(table=table)}) f
        JOIN {table} o ON o.user_id = $1 AND o.id = f.id
        CROSS JOIN LATERAL jsonb_populate_record(o, f.image) AS r) AS r
    WHERE t.user_id = $1 AND t.id = r.id
      AND ($4 OR NOT t.is_active)
      AND ({", ".join(f"t.{name}" for name in columns)}) IS DISTINCT FROM ({", ".join(f"r.{name}" for name in columns)})
    RETURNING t.id, t.version, t.is_active
"""


# Brings rows ($2) back as they stood after changes ($3): all of them ($4), or those that are still hidden. A row that
# stands so already is not written.
RESTORE = {table: _restore(table, columns) for table, columns in RESTORED_COLUMNS.items()}

# Hides rows that were not there yet.
HIDE = {
    table: f"""
    UPDATE {table} AS t SET is_active = false WHERE t.user_id = $1 AND t.id = ANY ($2) AND t.is_active
    RETURNING t.id, t.version, t.is_active
"""
    for table in RESTORED_COLUMNS
}

SESSION_IN_PROGRESS = """
    SELECT s.id FROM user_workout_session s
    WHERE s.user_id = $1 AND s.session_status = 'IN_PROGRESS' AND s.is_active AND s.id <> $2
"""

# Of active rows ($2) those that hang on a hidden one: they would be there and nobody could see them.
LOST_ROWS = """
    SELECT p.id FROM user_exercise_performance p
    JOIN user_workout_session s ON s.user_id = p.user_id AND s.id = p.user_workout_session_id
    WHERE p.user_id = $1 AND s.user_id = $1 AND p.id = ANY ($2) AND p.is_active AND NOT s.is_active
    UNION ALL
    SELECT t.id FROM user_set_performance t
    JOIN user_exercise_performance p ON p.user_id = t.user_id AND p.id = t.user_exercise_performance_id
    WHERE t.user_id = $1 AND p.user_id = $1 AND t.id = ANY ($2) AND t.is_active AND NOT p.is_active
"""

# The performances that must be summed up again after sets ($2) came back or went: those whose own row was not brought
# back with them ($3), that have other sets besides, or whose sets were written by the request ($4) that a restore went
# back into the middle of.
TO_SUMMARIZE = """
    SELECT p.id, p.user_workout_session_id, p.exercise_instruction_id, p.exercise_id FROM user_exercise_performance p
    WHERE p.user_id = $1 AND p.is_active
      AND p.id IN (SELECT t.user_exercise_performance_id FROM user_set_performance t WHERE t.user_id = $1 AND t.id = ANY ($2))
      AND (NOT p.id = ANY ($3)
           OR EXISTS (SELECT FROM user_set_performance o
                      WHERE o.user_id = $1 AND o.user_exercise_performance_id = p.id AND o.is_active AND NOT o.id = ANY ($2))
           OR $4::uuid IS NOT NULL AND EXISTS (
               SELECT FROM user_set_performance o JOIN change c ON c.user_id = o.user_id AND c.row_id = o.id
               WHERE o.user_id = $1 AND c.user_id = $1 AND o.user_exercise_performance_id = p.id AND c.request_id = $4))
    ORDER BY p.user_workout_session_id, p.id
"""

# The private exercises of an import ($2) that its performances need: a later undo may have hidden them.
SHOW_EXERCISES = """
    UPDATE exercise AS e SET is_active = true
    WHERE e.user_id = $1 AND e.import_id = $2 AND NOT e.is_active AND EXISTS (
        SELECT FROM user_exercise_performance p
        WHERE p.user_id = $1 AND p.exercise_id = e.id AND p.import_id = $2 AND p.is_active)
    RETURNING e.id, e.version, e.is_active
"""

# What of an import ($2) is there a second time since it was undone, because the same file was imported again.
IMPORTED_AGAIN = """
    SELECT 1 AS found FROM user_workout_session a
    JOIN user_workout_session b ON b.user_id = a.user_id AND b.import_key = a.import_key AND b.id <> a.id
    WHERE a.user_id = $1 AND b.user_id = $1 AND a.import_id = $2 AND a.is_active AND b.is_active
    UNION ALL
    SELECT 1 FROM user_measurement a
    JOIN user_measurement b ON b.user_id = a.user_id AND b.import_key = a.import_key AND b.id <> a.id
    WHERE a.user_id = $1 AND b.user_id = $1 AND a.import_id = $2 AND a.is_active AND b.is_active
    UNION ALL
    SELECT 1 FROM user_set_performance a
    JOIN user_exercise_performance p ON p.user_id = a.user_id AND p.id = a.user_exercise_performance_id
    JOIN user_exercise_performance q ON q.user_id = p.user_id AND q.user_workout_session_id = p.user_workout_session_id
    JOIN user_set_performance b ON b.user_id = q.user_id AND b.user_exercise_performance_id = q.id
        AND b.import_key = a.import_key AND b.id <> a.id
    WHERE a.user_id = $1 AND p.user_id = $1 AND q.user_id = $1 AND b.user_id = $1 AND a.import_id = $2 AND a.is_active
      AND b.is_active
    LIMIT 1
"""

# --- Verifying -------------------------------------------------------------------------------------------------------

# Every active and closed account; read by the system with no athlete.
ATHLETES = "SELECT u.id FROM app_user u ORDER BY u.id"

HEAD = "SELECT h.seq, h.hash FROM change_head h WHERE h.user_id = $1"

# Whether an account was erased, and the tables in which one may have left rows that others point at.
IS_ERASED = "SELECT true FROM erasure_receipt r WHERE r.subject_hash = app.subject_hash($1) LIMIT 1"
LEFT_BY_ERASURE = (
    "app_user", "exercise", "metric", "workout", "workout_revision", "exercise_instruction", "program", "program_revision",
    "program_day", "program_day_workout",
)  # fmt: skip

# The chain after $2 and up to $3. Times as seconds, JSON as text: whatever was tampered with, reading it must not fail.
CHAIN = """
    SELECT c.user_id, c.seq, c.actor_id, c.via::text AS via, c.request_id, extract(epoch FROM c.changed_at)::text AS changed_at,
        c.domain, c.table_name, c.row_id, c.action, c.before::text AS before, c.after::text AS after, c.hash
    FROM change c WHERE c.user_id = $1 AND c.seq > $2 AND c.seq <= $3 ORDER BY c.seq
"""


# The first change after $2, where there is a gap.
NEXT_SEQ = "SELECT min(c.seq) FROM change c WHERE c.user_id = $1 AND c.seq > $2"


def _differing(table: str) -> str:
    return f"""
    SELECT count(*) AS found, (array_agg(d.id ORDER BY d.id DESC))[1] AS last_id,
        coalesce(json_agg(json_build_object('id', d.id, 'columns', d.columns))
            FILTER (WHERE d.columns IS NULL OR cardinality(d.columns) > 0), '[]') AS differing
    FROM (
        SELECT t.id, CASE WHEN g.is_there THEN ARRAY(
            SELECT e.key FROM jsonb_each(i.image) e WHERE t.live ? e.key AND e.value IS DISTINCT FROM t.live -> e.key
            ORDER BY e.key) END AS columns
        FROM (SELECT l.id, to_jsonb(l) AS live FROM {table} l
              WHERE l.user_id = $1 AND ($2::uuid IS NULL OR l.id > $2) ORDER BY l.id LIMIT $3) t
        LEFT JOIN LATERAL (
            SELECT c.action <> 'DELETE' AS is_there FROM change c
            WHERE c.user_id = $1 AND c.table_name = '{table}' AND c.row_id = t.id ORDER BY c.seq DESC LIMIT 1) g ON true
        LEFT JOIN LATERAL (
            SELECT jsonb_object_agg(k.key, k.value) AS image FROM (
                SELECT DISTINCT ON (e.key) e.key, e.value
                FROM change c CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(c.after) WHEN 'object' THEN c.after END) e
                WHERE c.user_id = $1 AND c.table_name = '{table}' AND c.row_id = t.id
                ORDER BY e.key, c.seq DESC) k) i ON true) d
"""


# The live rows of a table after $2, $3 at a time, against the ledger: those that differ, with the columns they differ in
# (null: the ledger does not know the row). Only columns that both know count.
DIFFERING = {table: _differing(table) for table in KEPT_TABLES}

# The rows of a table that are in the ledger, were never deleted, and are not there; $2 of them at most.
MISSING = {
    table: f"""
    SELECT x.row_id FROM (
        SELECT DISTINCT ON (c.row_id) c.row_id, c.action FROM change c
        WHERE c.user_id = $1 AND c.table_name = '{table}' ORDER BY c.row_id, c.seq DESC) x
    WHERE x.action <> 'DELETE' AND NOT EXISTS (SELECT FROM {table} t WHERE t.user_id = $1 AND t.id = x.row_id)
    ORDER BY x.row_id LIMIT $2
"""
    for table in KEPT_TABLES
}
