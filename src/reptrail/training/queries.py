"""Every SQL statement on workout sessions, performances and sets. $1 is always the athlete.

Documents are built by PostgreSQL and passed through: for a page of 50 nested sessions that is 2 to 3.5 times faster than
building them here (numbers.md).
"""

from reptrail.progress.formulas import E1RM_EPLEY_SQL
from reptrail.training.rules import SessionStatus, verbs_allowed

# What was skipped or cancelled in a cycle that is over, or by hand in an enrollment that has ended, is planned no more; but an
# enrollment that completed by itself goes on when what completed it is taken back.
_IS_OVER = """s.session_status IN ('SKIPPED', 'CANCELLED') AND s.program_enrollment_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM user_program_enrollment n
        WHERE n.user_id = $1 AND n.id = s.program_enrollment_id AND n.cycle = coalesce(s.program_cycle, n.cycle)
          AND (n.enrollment_status IN ('ACTIVE', 'PAUSED') OR (n.completed_by_itself AND s.program_cycle IS NOT NULL)))"""

_VERBS = "CASE WHEN {} THEN '[]'::json ELSE CASE s.session_status {} END END".format(
    _IS_OVER,
    " ".join(
        "WHEN '{}' THEN '{}'::json".format(status, str([str(v) for v in verbs_allowed(status)]).replace("'", '"'))
        for status in SessionStatus
    ),
)

SET_COLUMNS = """t.id, t.user_exercise_performance_id, t.exercise_id, t.set_number, t.kind, t.reps, t.weight, t.weight_unit,
    t.weight_kg, t.load, t.duration_seconds, t.distance_m, t.rpe, t.completed_at, t.notes, t.import_id, t.created_by,
    t.updated_by, t.created_at, t.updated_at, t.version"""

PERFORMANCE_COLUMNS = """p.id, p.user_workout_session_id, p.exercise_instruction_id, p.exercise_id, p.sets_completed,
    p.reps_completed, p.weight_used_kg, p.duration_seconds, p.difficulty_rating, p.performance_notes, p.import_id,
    p.created_by, p.updated_by, p.created_at, p.updated_at, p.version"""

_SESSION_COLUMNS = f"""s.id, s.user_id, s.workout_id, s.workout_revision, s.own_workout_id, w.workout_name, s.session_name,
    s.program_enrollment_id, s.program_cycle, s.program_day, s.program_position, s.session_status, s.scheduled_at, s.started_at,
    s.completed_at, s.actual_duration_seconds, s.paused_seconds, s.effort_rating, s.soreness_rating, s.session_notes,
    s.import_id, s.created_by, s.updated_by, s.created_at, s.updated_at, s.is_active, s.version, {_VERBS} AS verbs"""

# What a page of sessions shows of each row; who wrote it and when is in the session in full (21 columns a set made the
# page take twice as long, most of it formatting times and ids).
_LEAN_SET_COLUMNS = """t.id, t.set_number, t.kind, t.reps, t.weight, t.weight_unit, t.weight_kg, t.load, t.duration_seconds,
    t.distance_m, t.rpe, t.completed_at, t.notes, t.version"""

_LEAN_PERFORMANCE_COLUMNS = """p.id, p.exercise_instruction_id, p.exercise_id, p.sets_completed, p.reps_completed,
    p.weight_used_kg, p.duration_seconds, p.difficulty_rating, p.performance_notes, p.version"""

_SETS = f"""(
    SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT {SET_COLUMNS} FROM user_set_performance t
        WHERE t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active
        ORDER BY t.set_number, t.id) x)"""

# What was performed is read through LEFT JOINs: it must not vanish with somebody's workout or exercise that is no longer
# to be seen.
_PERFORMANCES = f"""(
    SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT {PERFORMANCE_COLUMNS}, e.exercise_name, i.position, i.group_number, {_SETS} AS sets
        FROM user_exercise_performance p
        LEFT JOIN exercise_instruction i ON i.id = p.exercise_instruction_id
        LEFT JOIN exercise e ON e.id = p.exercise_id
        WHERE p.user_id = $1 AND p.user_workout_session_id = s.id AND p.is_active
        ORDER BY i.workout_id IS NOT DISTINCT FROM s.own_workout_id, i.position, p.id) x)"""

_LEAN_PERFORMANCES = _PERFORMANCES.replace(SET_COLUMNS, _LEAN_SET_COLUMNS).replace(PERFORMANCE_COLUMNS, _LEAN_PERFORMANCE_COLUMNS)

# The last time an exercise was done in another session: of the exercise, whatever workout or program asked for it; of one
# that came twice, the heavier. It walks back through the sessions, since what is trained was mostly trained within the last
# few; the first EXISTS keeps it from walking back through ten years for an exercise that is new. (A join that starts from
# the exercise's performances reads all of them: 0.6 ms a year of training for each set logged.)
_PREVIOUS = f"""(
    SELECT row_to_json(x) FROM (
        SELECT {_LEAN_PERFORMANCE_COLUMNS}, p.user_workout_session_id, b.history_at AS performed_at,
            {_SETS.replace(SET_COLUMNS, _LEAN_SET_COLUMNS)} AS sets
        FROM user_workout_session b
        CROSS JOIN LATERAL (
            SELECT q.* FROM user_exercise_performance q
            WHERE q.user_id = $1 AND q.user_workout_session_id = b.id AND q.exercise_id = i.exercise_id AND q.is_active
              AND q.sets_completed > 0 ORDER BY q.weight_used_kg DESC NULLS LAST, q.id LIMIT 1) p
        WHERE b.user_id = $1 AND b.is_active AND b.session_status = 'COMPLETED' AND b.history_at < s.history_at AND b.id <> s.id
          AND EXISTS (
              SELECT FROM user_exercise_performance q
              WHERE q.user_id = $1 AND q.exercise_id = i.exercise_id AND q.is_active AND q.user_workout_session_id <> s.id)
        ORDER BY b.history_at DESC, b.id DESC LIMIT 1) x)"""

_IN_SESSION = "(i.workout_id = s.workout_id AND i.revision = s.workout_revision OR i.workout_id = s.own_workout_id)"

# What was asked when it started; a session that is planned again is asked anew when it starts.
_PRESCRIPTION = """(
    SELECT row_to_json(x) FROM (
        SELECT a.sets, a.rest_seconds, a.rule, a.inputs, a.reason FROM user_prescription a
        WHERE a.user_id = $1 AND a.user_workout_session_id = s.id AND a.exercise_instruction_id = i.id AND a.is_active
          AND s.session_status <> 'PLANNED') x)"""

_INSTRUCTIONS = f"""(
    SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT i.id, i.exercise_id, e.exercise_name, e.tracks, e.load, i.position, i.group_number, i.sets, i.reps_min,
            i.reps_max, i.weight, i.weight_unit, i.percent, i.rpe, i.rest_seconds, i.duration_seconds, i.distance_m,
            i.set_targets, i.progression, i.instruction_notes, i.workout_id IS NOT DISTINCT FROM s.own_workout_id AS is_own,
            {_PRESCRIPTION} AS prescription, {_PREVIOUS} AS previous_performance
        FROM exercise_instruction i JOIN exercise e ON e.id = i.exercise_id
        WHERE i.is_active AND {_IN_SESSION}
        ORDER BY i.workout_id IS NOT DISTINCT FROM s.own_workout_id, i.position, i.id) x)"""

_FROM_SESSION = """FROM user_workout_session s
    LEFT JOIN workout_revision w ON w.workout_id = s.workout_id AND w.revision = s.workout_revision"""

# The whole of a session: what was asked, what was done, and what was done last time.
SESSION = f"""
    SELECT row_to_json(d), d.version FROM (
        SELECT {_SESSION_COLUMNS}, s.history_at, {_INSTRUCTIONS} AS prescriptions, {_PERFORMANCES} AS performances
        {_FROM_SESSION}
        WHERE s.user_id = $1 AND s.id = $2 AND s.is_active) d
"""

# $2 status, $3 and $4 days (included) where the athlete is, $5 enrollment, $6 exercise, $7 and $8 the last row's key, $9 limit.
SESSIONS = f"""
    SELECT coalesce(json_agg(row_to_json(d) ORDER BY s.place) FILTER (WHERE s.place < $9), '[]') AS items, count(*) AS found,
           max(s.history_at) FILTER (WHERE s.place = $9 - 1) AS last_at,
           (array_agg(s.id) FILTER (WHERE s.place = $9 - 1))[1] AS last_id
    FROM (
        SELECT s.*, row_number() OVER (ORDER BY s.history_at DESC, s.id DESC) AS place
        FROM user_workout_session s
        WHERE s.user_id = $1 AND s.is_active
          AND ($2::session_status IS NULL OR s.session_status = $2)
          AND ($3::date IS NULL OR s.history_at >= $3::timestamp AT TIME ZONE
              (SELECT u.time_zone FROM app_user u WHERE u.id = $1))
          AND ($4::date IS NULL OR s.history_at < ($4 + 1)::timestamp AT TIME ZONE
              (SELECT u.time_zone FROM app_user u WHERE u.id = $1))
          AND ($5::uuid IS NULL OR s.program_enrollment_id = $5)
          AND ($6::uuid IS NULL OR EXISTS (
              SELECT FROM user_exercise_performance q
              WHERE q.user_id = $1 AND q.user_workout_session_id = s.id AND q.exercise_id = $6 AND q.is_active))
          AND ($7::timestamptz IS NULL OR (s.history_at, s.id) < ($7, $8::uuid))
        ORDER BY s.history_at DESC, s.id DESC LIMIT $9) s
    LEFT JOIN workout_revision w ON w.workout_id = s.workout_id AND w.revision = s.workout_revision
    CROSS JOIN LATERAL (SELECT {_SESSION_COLUMNS}, s.history_at, {_LEAN_PERFORMANCES} AS performances) d
"""


def _bests(exercise: str, without: str = "") -> str:
    """The bests of an exercise at each weight, from the index alone; what was cancelled is no best."""
    return f"""(
        SELECT json_agg(b) FROM (
            SELECT coalesce(t.weight_kg, 0) AS weight_kg, max(t.reps) AS reps, max({E1RM_EPLEY_SQL}) AS e1rm_kg,
                max(t.duration_seconds) AS duration_seconds, max(t.distance_m) AS distance_m
            FROM user_set_performance t
            WHERE t.user_id = $1 AND t.exercise_id = {exercise} AND t.is_active AND t.kind <> 'WARMUP'
              AND t.load <> 'ASSISTED' AND t.user_exercise_performance_id <> ALL (ARRAY(
                  SELECT q.id FROM user_workout_session c
                  JOIN user_exercise_performance q ON q.user_id = c.user_id AND q.user_workout_session_id = c.id
                  WHERE c.user_id = $1 AND q.user_id = $1 AND c.session_status = 'CANCELLED'
                    AND q.exercise_id = {exercise})){without}
            GROUP BY coalesce(t.weight_kg, 0)) b)"""


# All that logging needs to know of a session, at once: its state, the instructions meant ($3 ids, $4 exercises; without an
# id where the session has none for an exercise yet) with the performance, bests and previous performance of each, and which
# of the ids ($5) are stored already. A new exercise is built in or the athlete's: coaches see their own too, athletes do not.
LOG_CONTEXT = f"""
    SELECT s.session_status, s.own_workout_id, s.workout_id, s.history_at, (
        SELECT json_agg(x) FROM (
            SELECT i.id AS exercise_instruction_id, i.exercise_id, e.exercise_name, e.load, p.id AS performance_id,
                (SELECT coalesce(max(t.set_number), 0) FROM user_set_performance t
                 WHERE t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active) AS last_set_number,
                {_bests("i.exercise_id")} AS bests,
                {_PREVIOUS} AS previous_performance
            FROM (
                SELECT i.id, i.exercise_id, i.workout_id IS NOT DISTINCT FROM s.own_workout_id AS is_own, i.position
                FROM exercise_instruction i
                WHERE i.is_active AND (i.id = ANY ($3) OR i.exercise_id = ANY ($4)) AND {_IN_SESSION}
                UNION ALL
                SELECT NULL, a.id, true, NULL FROM exercise a
                WHERE a.id = ANY ($4) AND a.is_active AND (a.user_id IS NULL OR a.user_id = $1) AND NOT EXISTS (
                    SELECT FROM exercise_instruction i WHERE i.is_active AND i.exercise_id = a.id AND {_IN_SESSION})) i
            JOIN exercise e ON e.id = i.exercise_id
            LEFT JOIN user_exercise_performance p
                ON p.user_id = $1 AND p.user_workout_session_id = s.id AND p.exercise_instruction_id = i.id
            ORDER BY i.is_own, i.position, i.id) x) AS targets, (
        SELECT json_agg(x) FROM (
            SELECT {SET_COLUMNS}, t.is_active, q.user_workout_session_id, q.exercise_instruction_id
            FROM unnest($5::uuid[]) k (id)
            JOIN user_set_performance t ON t.user_id = $1 AND t.id = k.id
            JOIN user_exercise_performance q ON q.user_id = t.user_id AND q.id = t.user_exercise_performance_id
            WHERE q.user_id = $1) x) AS stored
    FROM user_workout_session s
    WHERE s.user_id = $1 AND s.id = $2 AND s.is_active
"""

# Makes the performances ($3 ids, $4 instructions, $5 exercises) or brings them up to date: each is the exact summary of
# its sets, those stored and those about to be ($6 performance, $7 kind, $8 reps, $9 kg, $10 load, $11 seconds).
SUMMARIZE = f"""
    INSERT INTO user_exercise_performance AS p (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id,
        sets_completed, reps_completed, weight_used_kg, duration_seconds, import_id)
    SELECT n.id, $1, $2, n.exercise_instruction_id, n.exercise_id,
        count(a.kind) FILTER (WHERE a.kind <> 'WARMUP'),
        sum(a.reps) FILTER (WHERE a.kind <> 'WARMUP'),
        max(nullif(a.weight_kg, 0)) FILTER (WHERE a.kind <> 'WARMUP' AND a.load <> 'ASSISTED'),
        sum(a.duration_seconds) FILTER (WHERE a.kind <> 'WARMUP'),
        $12
    FROM unnest($3::uuid[], $4::uuid[], $5::uuid[]) WITH ORDINALITY AS n (id, exercise_instruction_id, exercise_id, place)
    LEFT JOIN (
        SELECT t.user_exercise_performance_id AS owner_id, t.kind, t.reps, t.weight_kg, t.load, t.duration_seconds
        FROM user_set_performance t
        WHERE t.user_id = $1 AND t.user_exercise_performance_id = ANY ($3) AND t.is_active
        UNION ALL
        SELECT f.* FROM unnest($6::uuid[], $7::set_kind[], $8::smallint[], $9::numeric[], $10::set_load[], $11::smallint[]) AS f
    ) AS a ON a.owner_id = n.id
    GROUP BY n.place, n.id, n.exercise_instruction_id, n.exercise_id
    ORDER BY n.place
    ON CONFLICT (user_workout_session_id, exercise_instruction_id) DO UPDATE SET sets_completed = EXCLUDED.sets_completed,
        reps_completed = EXCLUDED.reps_completed, weight_used_kg = EXCLUDED.weight_used_kg,
        duration_seconds = EXCLUDED.duration_seconds, is_active = true
    RETURNING {PERFORMANCE_COLUMNS}
"""

INSERT_SETS = f"""
    INSERT INTO user_set_performance AS t (user_id, id, user_exercise_performance_id, exercise_id, set_number, kind, reps, weight,
        weight_unit, load, duration_seconds, distance_m, rpe, completed_at, notes, import_id, import_key)
    SELECT $1, n.* FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::set_kind[], $7::smallint[], $8::numeric[],
        $9::weight_unit[], $10::set_load[], $11::smallint[], $12::numeric[], $13::numeric[], $14::timestamptz[], $15::text[],
        $16::uuid[], $17::text[]) AS n
    RETURNING {SET_COLUMNS}
"""

# The set with the state of its session, and the bests of its exercise without it; $3 is the set.
FIND_SET = f"""
    SELECT {SET_COLUMNS}, q.exercise_instruction_id, s.session_status, e.load AS exercise_load, e.exercise_name,
        {_bests("q.exercise_id", " AND t.id <> $3")} AS bests
    FROM user_set_performance t
    JOIN user_exercise_performance q ON q.user_id = t.user_id AND q.id = t.user_exercise_performance_id
    JOIN user_workout_session s ON s.user_id = q.user_id AND s.id = q.user_workout_session_id
    LEFT JOIN exercise e ON e.id = t.exercise_id
    WHERE t.user_id = $1 AND q.user_id = $1 AND s.user_id = $1 AND s.id = $2 AND t.id = $3 AND t.is_active AND s.is_active
"""

# The versions are repeated, so a row less than was asked for means somebody was first.
UPDATE_SETS = f"""
    UPDATE user_set_performance AS t SET set_number = n.set_number, kind = n.kind, reps = n.reps, weight = n.weight,
        weight_unit = n.weight_unit, load = n.load, duration_seconds = n.duration_seconds, distance_m = n.distance_m, rpe = n.rpe,
        completed_at = n.completed_at, notes = n.notes
    FROM unnest($2::uuid[], $3::int[], $4::smallint[], $5::set_kind[], $6::smallint[], $7::numeric[], $8::weight_unit[],
        $9::set_load[], $10::smallint[], $11::numeric[], $12::numeric[], $13::timestamptz[], $14::text[])
        AS n (id, version, set_number, kind, reps, weight, weight_unit, load, duration_seconds, distance_m, rpe, completed_at,
            notes)
    WHERE t.user_id = $1 AND t.id = n.id AND t.version = n.version AND t.is_active
    RETURNING {SET_COLUMNS}
"""

HIDE_SETS = """
    UPDATE user_set_performance AS t SET is_active = false
    WHERE t.user_id = $1 AND t.id = ANY ($2) AND t.is_active
"""

SETS_OF_PERFORMANCE = f"""
    SELECT {SET_COLUMNS}, e.load AS exercise_load
    FROM user_set_performance t LEFT JOIN exercise e ON e.id = t.exercise_id
    WHERE t.user_id = $1 AND t.user_exercise_performance_id = $2 AND t.is_active
"""

PERFORMANCES = f"""
    SELECT {PERFORMANCE_COLUMNS} FROM user_exercise_performance p
    WHERE p.user_id = $1 AND p.id = ANY ($2) AND p.is_active
"""

FIND_PERFORMANCE = f"""
    SELECT {PERFORMANCE_COLUMNS}, s.session_status, EXISTS (
        SELECT FROM user_set_performance t
        WHERE t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active) AS has_sets
    FROM user_exercise_performance p
    JOIN user_workout_session s ON s.user_id = p.user_id AND s.id = p.user_workout_session_id
    WHERE p.user_id = $1 AND s.user_id = $1 AND p.user_workout_session_id = $2 AND p.exercise_instruction_id = $3
      AND s.is_active
"""

UPDATE_PERFORMANCE = f"""
    UPDATE user_exercise_performance AS p SET sets_completed = $3, reps_completed = $4, weight_used_kg = $5,
        duration_seconds = $6, difficulty_rating = $7, performance_notes = $8, is_active = true
    WHERE p.user_id = $1 AND p.id = $2
    RETURNING {PERFORMANCE_COLUMNS}
"""

INSERT_OWN_WORKOUT = """
    INSERT INTO workout (id, user_id, kind, import_id) SELECT n.*, $1, 'SESSION', $3 FROM unnest($2::uuid[]) AS n
"""

INSERT_OWN_REVISION = """
    INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name, import_id)
    SELECT n.id, $1, n.workout_id, 1, n.workout_name, $5
    FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS n (id, workout_id, workout_name)
"""

# The next position is counted here, so that two exercises added at once do not share one (the head is locked by then).
INSERT_INSTRUCTIONS = """
    INSERT INTO exercise_instruction (id, user_id, workout_id, revision, position, exercise_id, group_number,
        instruction_notes, sets, reps_min, reps_max, rest_seconds)
    SELECT n.id, $1, $2, 1, n.place + (SELECT coalesce(max(i.position), 0) FROM exercise_instruction i
                                      WHERE i.user_id = $1 AND i.workout_id = $2),
           n.exercise_id, n.group_number, n.instruction_notes, n.sets, n.reps_min, n.reps_max, n.rest_seconds
    FROM unnest($3::uuid[], $4::uuid[], $5::smallint[], $6::text[], $7::smallint[], $8::smallint[], $9::smallint[], $10::int[])
        WITH ORDINALITY AS n (id, exercise_id, group_number, instruction_notes, sets, reps_min, reps_max, rest_seconds, place)
    JOIN exercise e ON e.id = n.exercise_id AND e.is_active AND (e.user_id IS NULL OR e.user_id = $1)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
"""

# Of an instruction ($3) of the session's ($2) own that nothing was done for.
HIDE_INSTRUCTION = """
    UPDATE exercise_instruction AS i SET is_active = false FROM user_workout_session s
    WHERE i.user_id = $1 AND i.id = $3 AND i.is_active AND s.user_id = $1 AND s.id = $2 AND s.own_workout_id = i.workout_id
      AND NOT EXISTS (SELECT FROM user_exercise_performance p
                      WHERE p.user_id = $1 AND p.exercise_instruction_id = i.id AND p.is_active)
"""

# Why an instruction was not made: $2 its session's own workout, $3 ids, $4 exercises.
REFUSED_INSTRUCTIONS = """
    SELECT n.id, EXISTS (
        SELECT FROM exercise e WHERE e.id = n.exercise_id AND e.is_active AND (e.user_id IS NULL OR e.user_id = $1)
    ) AS exercise_exists, EXISTS (
        SELECT FROM exercise_instruction i
        WHERE i.user_id = $1 AND i.workout_id = $2 AND i.id = n.id AND i.exercise_id = n.exercise_id AND i.is_active) AS is_there
    FROM unnest($3::uuid[], $4::uuid[]) WITH ORDINALITY AS n (id, exercise_id, place)
    ORDER BY n.place
"""

SESSION_INSTRUCTIONS = f"""
    SELECT i.id FROM user_workout_session s JOIN exercise_instruction i ON i.is_active AND {_IN_SESSION}
    WHERE s.user_id = $1 AND s.id = $2
"""

LAST_SET_AT = """
    SELECT max(coalesce(t.completed_at, t.created_at)) FROM user_set_performance t
    JOIN user_exercise_performance p ON p.user_id = t.user_id AND p.id = t.user_exercise_performance_id
    WHERE t.user_id = $1 AND p.user_id = $1 AND p.user_workout_session_id = $2 AND t.is_active
"""

SET_OWN_WORKOUT = "UPDATE user_workout_session SET own_workout_id = $3 WHERE user_id = $1 AND id = $2"

# One's own that was archived is found where its revision ($3) is named: it may have been begun without signal, on a device that
# had not heard of it, and no set of it may be lost.
FIND_WORKOUT = """
    SELECT w.id, w.revision, r.workout_name FROM workout w
    JOIN workout_revision r ON r.workout_id = w.id AND r.revision = coalesce($3, w.revision)
    WHERE w.id = $2 AND (w.is_active OR w.user_id = $1 AND $3 IS NOT NULL) AND w.kind = 'CATALOG'
      AND (w.user_id IS NULL OR w.is_public OR w.user_id = $1)
"""

FIND_ENROLLMENT = """
    SELECT n.enrollment_status IN ('ACTIVE', 'PAUSED') AS is_live FROM user_program_enrollment n
    WHERE n.user_id = $1 AND n.id = $2 AND n.is_active
"""

INSERT_SESSION = """
    INSERT INTO user_workout_session (id, user_id, workout_id, workout_revision, own_workout_id, program_enrollment_id,
        session_status, scheduled_at, started_at, completed_at, actual_duration_seconds, paused_seconds, effort_rating,
        soreness_rating, session_notes, session_name)
    VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
"""

FIND_SESSION = """
    SELECT s.id, s.session_status, s.scheduled_at, s.started_at, s.completed_at, s.actual_duration_seconds, s.paused_seconds,
        s.effort_rating, s.soreness_rating, s.session_notes, s.session_name, s.own_workout_id, s.workout_id, s.workout_revision,
        s.history_at, s.program_enrollment_id, s.program_cycle, s.program_day, s.version
    FROM user_workout_session s WHERE s.user_id = $1 AND s.id = $2 AND s.is_active
"""

SESSION_BY_ID = """
    SELECT s.workout_id, s.own_workout_id, s.program_enrollment_id, s.scheduled_at, s.started_at, s.is_active
    FROM user_workout_session s WHERE s.user_id = $1 AND s.id = $2
"""

# The one door through which a session changes: the old state and version are repeated, so no row means somebody was first.
UPDATE_SESSION = """
    UPDATE user_workout_session AS s SET session_status = $5, scheduled_at = $6, started_at = $7, completed_at = $8,
        actual_duration_seconds = $9, paused_seconds = $10, effort_rating = $11, soreness_rating = $12, session_notes = $13,
        session_name = $14, cancelled_with_enrollment = s.cancelled_with_enrollment AND $5 = 'CANCELLED'::session_status
    WHERE s.user_id = $1 AND s.id = $2 AND s.is_active AND s.session_status = $3 AND s.version = $4
"""

# Deleting a session hides what hangs on it in the same request, so that each table's is_active is enough for every read,
# and restoring that request's changes brings exactly those rows back.
HIDE_SESSION = "UPDATE user_workout_session SET is_active = false WHERE user_id = $1 AND id = $2 AND is_active"
HIDE_SESSION_PERFORMANCES = """
    UPDATE user_exercise_performance SET is_active = false
    WHERE user_id = $1 AND user_workout_session_id = $2 AND is_active
"""
HIDE_SESSION_PRESCRIPTIONS = """
    UPDATE user_prescription SET is_active = false WHERE user_id = $1 AND user_workout_session_id = $2 AND is_active
"""
HIDE_SESSION_SETS = """
    UPDATE user_set_performance AS t SET is_active = false
    FROM user_exercise_performance p
    WHERE t.user_id = $1 AND p.user_id = $1 AND p.user_id = t.user_id AND p.id = t.user_exercise_performance_id
      AND p.user_workout_session_id = $2 AND t.is_active
"""

SESSION_IN_PROGRESS = """
    SELECT s.id FROM user_workout_session s WHERE s.user_id = $1 AND s.session_status = 'IN_PROGRESS' AND s.is_active
"""
