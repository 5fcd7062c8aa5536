"""Every SQL statement of sync. $1 is always the athlete.

The tables that are pulled are those of the ledger, so a new one appears by itself.
"""

from reptrail.ledger.actions import KEPT_TABLES

# What is in the ledger and not pulled, and why.
NOT_PULLED = {
    "api_token": "secrets and who holds them are managed signed in, at /me/tokens",
    "calendar_feed": "as api_token, at /me/calendar-feeds",
    "coach_invitation": "as api_token, at /invitations",
    "coach_grant": "is of two people: shown with their names at /grants",
    "import": "holds every issue of a file, and is shown page by page at /imports",
}
PULLED_TABLES = tuple(table for table in KEPT_TABLES if table not in NOT_PULLED)


def _row(table: str) -> str:
    """A row of a table as it stands, by the id `p.row_id`: null where it is hidden or gone."""
    return f"(SELECT row_to_json(t) FROM {table} t WHERE t.user_id = $1 AND t.id = p.row_id AND t.is_active)"


# One branch is taken for each row, by its key. (Rejected: joins. A page of a new athlete is planned before PostgreSQL has
# statistics, and then joins by user_id: each of a thousand rows walked through all the others.)
_ROW = "CASE p.table_name {} END".format(" ".join(f"WHEN '{table}' THEN {_row(table)}" for table in PULLED_TABLES))

# What the actor may read: a part of the mark, so that a client whose scopes changed begins anew.
_SIGHT = (
    "concat_ws(' ', app.allowed('training:read') IS NULL, app.allowed('measurements:read') IS NULL,"
    " app.allowed('account:read') IS NULL)"
)


def _mark(seq: str) -> str:
    """16 hexadecimal digits that stand for the ledger up to a change and for what the actor may see of it."""
    return (
        f"left(encode(sha256(coalesce((SELECT c.hash FROM change c WHERE c.user_id = $1 AND c.seq = {seq}), '')"
        f" || convert_to({_SIGHT}, 'UTF8')), 'hex'), 16)"
    )


# Each row whose last change lies after $2 and up to $3, in the order of those changes, as it stands; `head_seq` is the
# newest change, seen by the same snapshot. A row that changed again later is left to the later page. $4 are the tables.
# The bound $3 is for speed as in ledger/queries.py; the look-up of a later change is a scalar so that it stays one.
PULL = f"""
    WITH head AS MATERIALIZED (SELECT h.seq, least(h.seq, $3) AS until FROM change_head h WHERE h.user_id = $1),
    page AS MATERIALIZED (
        SELECT DISTINCT ON (c.row_id, c.table_name) c.row_id, c.table_name, c.seq, (c.after ->> 'version')::int AS version
        FROM change c
        WHERE c.user_id = $1 AND c.seq > $2 AND c.seq <= $3 AND c.table_name = ANY ($4::text[])
        ORDER BY c.row_id, c.table_name, c.seq DESC)
    SELECT e.seq AS head_seq, e.until, {_mark("$2")} AS since_mark, {_mark("e.until")} AS until_mark,
        coalesce(app.allowed('training:read'), app.allowed('measurements:read'), app.allowed('account:read')) IS NULL AS is_blind,
        (SELECT coalesce(json_agg(r ORDER BY r.seq), '[]') FROM (
            SELECT p.seq, p.table_name AS "table", p.row_id AS id, p.version, {_ROW} AS "row"
            FROM page p
            WHERE coalesce((SELECT false FROM change l WHERE l.user_id = $1 AND l.row_id = p.row_id
                              AND l.table_name = p.table_name AND l.seq > e.until LIMIT 1), true)
            OFFSET 0) r) AS changes
    FROM head e
"""

# The newest change, and whether the actor may read none.
LISTEN = """
    SELECT h.seq,
        coalesce(app.allowed('training:read'), app.allowed('measurements:read'), app.allowed('account:read')) IS NULL AS is_blind
    FROM change_head h WHERE h.user_id = $1
"""

# Rows ($2 tables, $3 ids) as they stand, in the order asked for.
ROWS = f"""
    SELECT p.table_name, p.row_id, {_ROW} AS document
    FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS p (table_name, row_id, place)
    ORDER BY p.place
"""


def _others(table: str, alias: str, wanted: str) -> str:
    """Rows of a catalogue table that are not the athlete's own and that they can see whoever asks."""
    public = "" if table in ("exercise", "metric") else f" OR {alias}.is_public"
    return f"""
        SELECT '{table}' AS "table", {alias}.id, {alias}.version, row_to_json({alias}) AS "row"
        FROM {table} {alias}
        WHERE ({alias}.user_id IS NULL{public}) AND {alias}.user_id IS DISTINCT FROM $1 AND ({wanted})"""


_PERFORMED = "SELECT q.exercise_id FROM user_exercise_performance q WHERE q.user_id = $1 AND q.is_active"
# What the athlete's own workouts ask as they are now. (Rejected: all that any revision ever asked, tens of thousands of rows.)
_ASKED = """SELECT i.exercise_id FROM workout k
            JOIN exercise_instruction i ON i.user_id = k.user_id AND i.workout_id = k.id AND i.revision = k.revision
            WHERE k.user_id = $1 AND i.user_id = $1 AND k.kind = 'CATALOG' AND k.is_active AND i.is_active"""
_MEASURED = "SELECT v.metric_id FROM user_measurement v WHERE v.user_id = $1 AND v.is_active"
_PINNED = "SELECT w.workout_id, w.workout_revision FROM pinned_workout w"
_ENROLLED = "SELECT p.program_id, p.program_revision FROM pinned_program p"

# What the athlete's rows refer to and the ledger does not bring, because it is built in or somebody else's: every built-in
# exercise, metric and workout there is to choose from (a workout is begun where there is no signal), exercises and metrics that
# were taken out since but are in use, and the programs and workouts pinned, in the revisions pinned. The athlete's own workouts
# come with a pull, all revisions of them.
CATALOG = f"""
    WITH pinned_program AS MATERIALIZED (
        SELECT n.program_id, n.program_revision FROM user_program_enrollment n WHERE n.user_id = $1 AND n.is_active
        UNION
        SELECT n.program_id, y.program_revision FROM user_program_cycle y
        JOIN user_program_enrollment n ON n.user_id = y.user_id AND n.id = y.program_enrollment_id
        WHERE y.user_id = $1 AND n.user_id = $1 AND y.is_active),
    pinned_workout AS MATERIALIZED (
        SELECT s.workout_id, s.workout_revision FROM user_workout_session s WHERE s.user_id = $1 AND s.is_active
        UNION
        SELECT c.id, c.revision FROM workout c WHERE c.user_id IS NULL AND c.kind = 'CATALOG' AND c.is_active
        UNION
        SELECT d.workout_id, d.workout_revision FROM program_day_workout d
        WHERE d.is_active AND (d.program_id, d.revision) IN ({_ENROLLED}))
    SELECT coalesce(json_agg(r ORDER BY r."table", r.id), '[]') FROM (
        {_others("exercise", "e", f"e.is_active OR e.id IN ({_PERFORMED}) OR e.id IN ({_ASKED})")}
        UNION ALL
        {_others("metric", "m", f"m.is_active OR m.id IN ({_MEASURED})")}
        UNION ALL
        {_others("workout", "o", "o.id IN (SELECT w.workout_id FROM pinned_workout w)")}
        UNION ALL
        {_others("workout_revision", "r", f"(r.workout_id, r.revision) IN ({_PINNED})")}
        UNION ALL
        {_others("exercise_instruction", "i", f"(i.workout_id, i.revision) IN ({_PINNED})")}
        UNION ALL
        {_others("program", "g", "g.id IN (SELECT p.program_id FROM pinned_program p)")}
        UNION ALL
        {_others("program_revision", "h", f"(h.program_id, h.revision) IN ({_ENROLLED})")}
        UNION ALL
        {_others("program_day", "a", f"(a.program_id, a.revision) IN ({_ENROLLED})")}
        UNION ALL
        {_others("program_day_workout", "b", f"(b.program_id, b.revision) IN ({_ENROLLED})")}) r
"""


def _needed(table: str, alias: str, wanted: str) -> str:
    """Rows of a table that the athlete's next workout needs: their own, built in or public, as they stand."""
    return f"""
        SELECT '{table}' AS "table", {alias}.id, {alias}.version, row_to_json({alias}) AS "row"
        FROM {table} {alias} WHERE {wanted}"""


def _owned(table: str, alias: str, wanted: str) -> str:
    return _needed(table, alias, f"{alias}.user_id = $1 AND {alias}.is_active AND {wanted}")


_NEAR = "SELECT s.id FROM near s"
_NEAR_PERFORMANCES = f"SELECT q.id FROM user_exercise_performance q WHERE q.user_id = $1 AND q.user_workout_session_id IN ({_NEAR})"
_NEWEST_VALUES = (
    "SELECT DISTINCT ON (n.metric_id) n.id FROM user_measurement n WHERE n.user_id = $1 AND n.is_active"
    " ORDER BY n.metric_id, n.measurement_date DESC, n.id DESC"
)
_NEAR_WORKOUTS = "SELECT w.workout_id, w.revision FROM near_workout w"

# What a new device shows before the rest is there: workouts under way, planned until $2 (the oldest first, as they are
# offered) and done last, whole, with what they refer to of the catalogue; the newest value of each metric; the equipment.
# Both lists end at an index. (Rejected: everything from the newest change on. A year of plans is written in one go and
# would come before the last workout.)
FIRST = f"""
    WITH near AS MATERIALIZED (
        (SELECT s.* FROM user_workout_session s
         WHERE s.user_id = $1 AND s.is_active AND s.session_status = 'IN_PROGRESS' ORDER BY s.history_at DESC LIMIT 4)
        UNION ALL
        (SELECT s.* FROM user_workout_session s
         WHERE s.user_id = $1 AND s.is_active AND s.session_status = 'PLANNED' AND s.scheduled_at < $2
         ORDER BY s.scheduled_at, s.id LIMIT 8)
        UNION ALL
        (SELECT s.* FROM user_workout_session s
         WHERE s.user_id = $1 AND s.is_active AND s.session_status = 'COMPLETED' ORDER BY s.history_at DESC, s.id DESC LIMIT 8)),
    near_workout AS MATERIALIZED (
        SELECT s.workout_id, s.workout_revision AS revision FROM near s WHERE s.workout_id IS NOT NULL
        UNION SELECT s.own_workout_id, 1 FROM near s WHERE s.own_workout_id IS NOT NULL),
    near_exercise AS MATERIALIZED (
        SELECT q.exercise_id FROM user_exercise_performance q
        WHERE q.user_id = $1 AND q.is_active AND q.user_workout_session_id IN ({_NEAR})
        UNION
        SELECT i.exercise_id FROM exercise_instruction i WHERE (i.workout_id, i.revision) IN ({_NEAR_WORKOUTS}))
    SELECT coalesce(json_agg(r ORDER BY r."table", r.id), '[]') FROM (
        SELECT 'user_workout_session' AS "table", s.id, s.version, row_to_json(s) AS "row" FROM near s
        UNION ALL
        {_owned("user_exercise_performance", "q", f"q.user_workout_session_id IN ({_NEAR})")}
        UNION ALL
        {_owned("user_prescription", "p", f"p.user_workout_session_id IN ({_NEAR})")}
        UNION ALL
        {_owned("user_set_performance", "t", f"t.user_exercise_performance_id IN ({_NEAR_PERFORMANCES})")}
        UNION ALL
        {_owned("user_measurement", "v", f"v.id IN ({_NEWEST_VALUES})")}
        UNION ALL
        {_owned("user_equipment", "u", "true")}
        UNION ALL
        {_needed("workout_revision", "r", f"(r.workout_id, r.revision) IN ({_NEAR_WORKOUTS})")}
        UNION ALL
        {_needed("exercise_instruction", "i", f"(i.workout_id, i.revision) IN ({_NEAR_WORKOUTS}) AND i.is_active")}
        UNION ALL
        {_needed("exercise", "e", "e.id IN (SELECT x.exercise_id FROM near_exercise x)")}) r
"""

# --- Pushing ---------------------------------------------------------------------------------------------------------

# Which of the operations $3 of the actor $2 were applied before.
APPLIED = """
    SELECT o.id, o.content_hash, o.table_name, o.row_id, o.first_version, o.last_version FROM sync_operation o
    WHERE o.user_id = $1 AND o.actor_id = $2 AND o.id = ANY ($3)
"""

# What the actor may, and by which way they came in.
SCOPES = "SELECT string_to_array(current_setting('app.scopes', true), ' ') || ('via:' || current_setting('app.via', true))"

# Writes down what was applied, when all of it is written: nothing else can move the head until this transaction ends.
REMEMBER = """
    INSERT INTO sync_operation (user_id, actor_id, id, content_hash, table_name, row_id, first_version, last_version, client_at,
        applied_seq)
    SELECT $1, $2, n.id, n.content_hash, n.table_name, n.row_id, n.first_version, n.last_version, n.client_at, h.seq
    FROM unnest($3::uuid[], $4::bytea[], $5::text[], $6::uuid[], $7::int[], $8::int[], $9::timestamptz[])
        AS n (id, content_hash, table_name, row_id, first_version, last_version, client_at)
    CROSS JOIN change_head h WHERE h.user_id = $1
"""

HEAD = "SELECT h.seq FROM change_head h WHERE h.user_id = $1"

# What changed of a row ($2 table, $3 id) since its version $4, version by version. What was left empty as it was made, nobody said.
CHANGED_SINCE = """
    SELECT x.version, ARRAY(SELECT jsonb_object_keys(x.after)) AS columns FROM (
        SELECT (c.after ->> 'version')::int AS version,
            CASE c.action WHEN 'INSERT' THEN jsonb_strip_nulls(c.after) ELSE c.after END AS after FROM change c
        WHERE c.user_id = $1 AND c.table_name = $2 AND c.row_id = $3 AND c.after IS NOT NULL) x
    WHERE x.version > $4
"""

# A row that an operation is about, hidden or not, with the session it hangs on.
FIND = {
    "user_workout_session": """
        SELECT t.*, t.id AS session_id FROM user_workout_session t WHERE t.user_id = $1 AND t.id = $2
    """,
    "user_exercise_performance": """
        SELECT t.*, t.user_workout_session_id AS session_id FROM user_exercise_performance t WHERE t.user_id = $1 AND t.id = $2
    """,
    "user_set_performance": """
        SELECT t.*, q.user_workout_session_id AS session_id FROM user_set_performance t
        JOIN user_exercise_performance q ON q.user_id = t.user_id AND q.id = t.user_exercise_performance_id
        WHERE t.user_id = $1 AND q.user_id = $1 AND t.id = $2
    """,
    "session_comment": """
        SELECT t.*, t.user_workout_session_id AS session_id FROM session_comment t WHERE t.user_id = $1 AND t.id = $2
    """,
    "user_program_enrollment": """
        SELECT t.*, NULL::uuid AS session_id FROM user_program_enrollment t WHERE t.user_id = $1 AND t.id = $2
    """,
    "user_goal": "SELECT t.*, NULL::uuid AS session_id FROM user_goal t WHERE t.user_id = $1 AND t.id = $2",
    "exercise_instruction": """
        SELECT t.*, s.id AS session_id FROM exercise_instruction t
        LEFT JOIN user_workout_session s ON s.user_id = t.user_id AND s.own_workout_id = t.workout_id AND s.is_active
        WHERE t.user_id = $1 AND t.id = $2 AND (s.user_id = $1 OR s.user_id IS NULL)
    """,
    "exercise": "SELECT t.*, NULL::uuid AS session_id FROM exercise t WHERE t.user_id = $1 AND t.id = $2",
    "user_equipment": "SELECT t.*, NULL::uuid AS session_id FROM user_equipment t WHERE t.user_id = $1 AND t.id = $2",
    "user_training_max": "SELECT t.*, NULL::uuid AS session_id FROM user_training_max t WHERE t.user_id = $1 AND t.id = $2",
    "user_measurement": "SELECT t.*, NULL::uuid AS session_id FROM user_measurement t WHERE t.user_id = $1 AND t.id = $2",
}

# A performance by what it is of: $2 session, $3 instruction.
FIND_PERFORMANCE = """
    SELECT t.*, t.user_workout_session_id AS session_id FROM user_exercise_performance t
    WHERE t.user_id = $1 AND t.user_workout_session_id = $2 AND t.exercise_instruction_id = $3
"""

# The newest training max of an exercise ($2), if it was set by hand and says the same as $3, $4 and $5.
FIND_TRAINING_MAX = """
    SELECT m.* FROM (
        SELECT t.*, NULL::uuid AS session_id FROM user_training_max t
        WHERE t.user_id = $1 AND t.exercise_id = $2 AND t.is_active ORDER BY t.created_at DESC, t.id DESC LIMIT 1) m
    WHERE m.program_enrollment_id IS NULL AND (m.weight, m.weight_unit, m.reason) = ($3, $4, $5)
"""

# Which of the rows $2 are there, hidden or not.
PRESENT = {
    table: f"SELECT t.id FROM {table} t WHERE t.user_id = $1 AND t.id = ANY ($2)"
    for table in ("user_set_performance", "user_measurement")
}
