"""Every SQL statement of imports. $1 is always the athlete.

The bulk statements that write exercises, workouts, sessions, performances and sets stand here and not with their
features: they take thousands of rows at once, carry the import and its natural keys, and nothing else needs that.
"""

TIME_ZONE = "SELECT u.time_zone FROM app_user u WHERE u.id = $1"

# The newest row of a name is in force, unless its exercise is gone.
MAPPINGS = """
    SELECT DISTINCT ON (m.match_key) m.match_key, e.id, e.exercise_name, e.load
    FROM exercise_mapping m JOIN exercise e ON e.id = m.exercise_id
    WHERE m.user_id = $1 AND (e.user_id IS NULL OR e.user_id = $1) AND m.is_active AND e.is_active
    ORDER BY m.match_key, m.created_at DESC, m.id DESC
"""

OWN_EXERCISES = """
    SELECT e.id, e.exercise_name, e.load, e.aliases FROM exercise e WHERE e.user_id = $1 AND e.is_active ORDER BY e.id
"""

EXERCISES = """
    SELECT e.id, e.exercise_name, e.load FROM exercise e
    WHERE e.id = ANY ($2) AND e.is_active AND (e.user_id IS NULL OR e.user_id = $1)
"""

# What an import brought and the athlete deleted by hand counts as there, so that it stays deleted; what went with an
# import that was undone ($3) does not. The active one comes last, to be the one that is kept where there are two.
KNOWN_SESSIONS = """
    SELECT s.id, s.import_key, s.is_active, s.own_workout_id, coalesce((
        SELECT max(i.position) FROM exercise_instruction i
        WHERE i.user_id = $1 AND i.workout_id = s.own_workout_id), 0) AS last_position
    FROM user_workout_session s
    WHERE s.user_id = $1 AND s.import_key = ANY ($2) AND s.own_workout_id IS NOT NULL
      AND (s.is_active OR s.import_id <> ALL ($3::uuid[]))
    ORDER BY s.is_active, s.id
"""

# What hangs on these sessions, by hand or imported, one table at a time: of tables that were filled a second ago PostgreSQL
# has no statistics yet, and a join of them may be planned as nested loops over all of it.
KNOWN_PERFORMANCES = """
    SELECT p.id, p.user_workout_session_id, p.exercise_id, p.is_active, p.import_id
    FROM user_exercise_performance p WHERE p.user_id = $1 AND p.user_workout_session_id = ANY ($2)
    ORDER BY p.is_active DESC, p.id
"""
KNOWN_SETS = """
    SELECT t.user_exercise_performance_id, t.import_key, t.import_id, t.is_active, t.set_number, t.kind, t.reps,
        t.duration_seconds
    FROM user_set_performance t WHERE t.user_id = $1 AND t.user_exercise_performance_id = ANY ($2)
"""

UNDONE = "SELECT m.id FROM import m WHERE m.user_id = $1 AND m.import_status = 'UNDONE'"

KNOWN_MEASUREMENTS = """
    SELECT n.import_key FROM user_measurement n
    WHERE n.user_id = $1 AND n.import_key = ANY ($2) AND (n.is_active OR n.import_id <> ALL ($3::uuid[]))
"""

# Of a file of our own: the very rows that it was written from, if this is the account ($2: their ids). What went with an
# import that was undone ($3) is not there.
OWN_ROWS = """
    SELECT s.id FROM user_workout_session s
    WHERE s.user_id = $1 AND s.id = ANY ($2) AND (s.is_active OR s.import_id IS NULL OR s.import_id <> ALL ($3::uuid[]))
    UNION ALL
    SELECT n.id FROM user_measurement n
    WHERE n.user_id = $1 AND n.id = ANY ($2) AND (n.is_active OR n.import_id IS NULL OR n.import_id <> ALL ($3::uuid[]))
"""

INSERT_IMPORT = """
    INSERT INTO import (user_id, id, import_format, file_name, file_sha256, time_zone, counts, exercises, issues)
    VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb)
"""

# Its own name stands among the aliases too: renaming the exercise must not make the next import create it again.
INSERT_EXERCISES = """
    INSERT INTO exercise (user_id, import_id, id, exercise_name, equipment, mechanic, tracks, load, aliases)
    SELECT $1, $2, n.id, n.exercise_name, n.equipment, 'COMPOUND', n.tracks, n.load, ARRAY[n.exercise_name]
    FROM unnest($3::uuid[], $4::text[], $5::text[], $6::exercise_tracks[], $7::set_load[])
        AS n (id, exercise_name, equipment, tracks, load)
"""

INSERT_MAPPINGS = """
    INSERT INTO exercise_mapping (user_id, import_id, id, match_key, exercise_id)
    SELECT $1, $2, n.* FROM unnest($3::uuid[], $4::text[], $5::uuid[]) AS n
"""

INSERT_WORKOUTS = """
    INSERT INTO workout (user_id, import_id, kind, id) SELECT $1, $2, 'SESSION', n.* FROM unnest($3::uuid[]) AS n
"""

INSERT_REVISIONS = """
    INSERT INTO workout_revision (user_id, import_id, revision, id, workout_id, workout_name)
    SELECT $1, $2, 1, n.* FROM unnest($3::uuid[], $4::uuid[], $5::text[]) AS n
"""

INSERT_INSTRUCTIONS = """
    INSERT INTO exercise_instruction (user_id, import_id, revision, id, workout_id, position, exercise_id, group_number)
    SELECT $1, $2, 1, n.* FROM unnest($3::uuid[], $4::uuid[], $5::smallint[], $6::uuid[], $7::smallint[]) AS n
"""

INSERT_SESSIONS = """
    INSERT INTO user_workout_session (user_id, import_id, session_status, id, workout_id, own_workout_id, started_at,
        completed_at, actual_duration_seconds, session_notes, import_key, effort_rating, soreness_rating)
    SELECT $1, $2, 'COMPLETED', n.id, n.workout_id, n.workout_id, n.started_at, n.completed_at, n.seconds, n.notes, n.key,
        n.effort, n.soreness
    FROM unnest($3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::smallint[], $8::text[], $9::text[],
        $10::smallint[], $11::smallint[]) AS n (id, workout_id, started_at, completed_at, seconds, notes, key, effort, soreness)
"""

INSERT_PERFORMANCES = """
    INSERT INTO user_exercise_performance (user_id, import_id, id, user_workout_session_id, exercise_instruction_id,
        exercise_id, performance_notes, sets_completed, reps_completed, weight_used_kg, duration_seconds)
    SELECT $1, $2, n.* FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::smallint[], $9::smallint[],
        $10::numeric[], $11::smallint[]) AS n
"""

INSERT_SETS = """
    INSERT INTO user_set_performance (user_id, import_id, id, user_exercise_performance_id, exercise_id, set_number, kind,
        reps, weight, weight_unit, load, duration_seconds, distance_m, rpe, notes, import_key)
    SELECT $1, $2, n.* FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::smallint[], $7::set_kind[], $8::smallint[],
        $9::numeric[], $10::weight_unit[], $11::set_load[], $12::smallint[], $13::numeric[], $14::numeric[], $15::text[],
        $16::text[]) AS n
"""

# Makes performances ($2) the exact summary of the active sets they have.
SUMMARIZE = """
    UPDATE user_exercise_performance AS p SET sets_completed = a.sets, reps_completed = a.reps, weight_used_kg = a.weight_kg,
        duration_seconds = a.seconds
    FROM (
        SELECT n.id, count(t.id) FILTER (WHERE t.kind <> 'WARMUP') AS sets,
            sum(t.reps) FILTER (WHERE t.kind <> 'WARMUP') AS reps,
            max(nullif(t.weight_kg, 0)) FILTER (WHERE t.kind <> 'WARMUP' AND t.load <> 'ASSISTED') AS weight_kg,
            sum(t.duration_seconds) FILTER (WHERE t.kind <> 'WARMUP') AS seconds
        FROM unnest($2::uuid[]) AS n (id)
        LEFT JOIN user_set_performance t
            ON t.user_id = $1 AND t.user_exercise_performance_id = n.id AND t.is_active
        GROUP BY n.id) AS a
    WHERE p.user_id = $1 AND p.id = a.id
"""

_COLUMNS = """m.id, m.import_format, m.file_name, m.file_sha256, m.time_zone, m.import_status, m.counts"""
_LAST_COLUMNS = """(m.counts ->> 'errors')::int + (m.counts ->> 'warnings')::int AS issues_total, m.undone_at, m.created_by,
    m.updated_by, m.created_at, m.updated_at, m.version"""

IMPORT = f"""
    SELECT row_to_json(d), d.version, d.import_status FROM (
        SELECT {_COLUMNS}, m.exercises, m.issues, {_LAST_COLUMNS}
        FROM import m WHERE m.user_id = $1 AND m.id = $2 AND m.is_active) d
"""

# Newest first; $2 and $3 the last row's key, $4 the limit.
IMPORTS = f"""
    SELECT coalesce(json_agg(d.document ORDER BY d.place) FILTER (WHERE d.place < $4), '[]') AS items, count(*) AS found,
        max(d.created_at) FILTER (WHERE d.place = $4 - 1) AS last_at,
        (array_agg(d.id) FILTER (WHERE d.place = $4 - 1))[1] AS last_id
    FROM (
        SELECT r.id, r.created_at, row_to_json(r) AS document, row_number() OVER (ORDER BY r.created_at DESC, r.id DESC) AS place
        FROM (
            SELECT {_COLUMNS}, {_LAST_COLUMNS}
            FROM import m
            WHERE m.user_id = $1 AND m.is_active AND ($2::timestamptz IS NULL OR (m.created_at, m.id) < ($2, $3::uuid))
            ORDER BY m.created_at DESC, m.id DESC LIMIT $4) r) d
"""

# Undoing. The old state is repeated: no row means that it was undone already.
UNDO_IMPORT = """
    UPDATE import SET import_status = 'UNDONE', undone_at = $3 WHERE user_id = $1 AND id = $2 AND import_status = 'APPLIED'
"""

# What the import made, and what hangs on what it made ($3), whoever put it there: a set without its session would be lost
# to every read. One table at a time here too, each handing its ids to the next.
HIDE_SESSIONS = """
    UPDATE user_workout_session AS s SET is_active = false WHERE s.user_id = $1 AND s.import_id = $2 AND s.is_active
"""
OWN_SESSIONS = "SELECT s.id, s.own_workout_id FROM user_workout_session s WHERE s.user_id = $1 AND s.import_id = $2"
HIDE_PERFORMANCES = """
    UPDATE user_exercise_performance AS p SET is_active = false
    WHERE p.user_id = $1 AND p.is_active
      AND (p.import_id = $2 OR p.user_workout_session_id = ANY ($3))
    RETURNING p.id, p.exercise_instruction_id
"""
HIDE_SETS = """
    UPDATE user_set_performance AS t SET is_active = false
    WHERE t.user_id = $1 AND t.is_active
      AND (t.import_id = $2 OR t.user_exercise_performance_id = ANY ($3))
    RETURNING t.user_exercise_performance_id
"""
HIDE_INSTRUCTIONS = """
    UPDATE exercise_instruction AS i SET is_active = false
    WHERE i.user_id = $1 AND i.is_active AND (i.id = ANY ($2::uuid[]) OR i.workout_id = ANY ($3::uuid[]))
"""
HIDE_REVISIONS = """
    UPDATE workout_revision AS r SET is_active = false
    WHERE r.user_id = $1 AND r.is_active AND r.workout_id = ANY ($2::uuid[])
"""
HIDE_WORKOUTS = "UPDATE workout AS w SET is_active = false WHERE w.user_id = $1 AND w.is_active AND w.id = ANY ($2::uuid[])"
HIDE_MAPPINGS = "UPDATE exercise_mapping SET is_active = false WHERE user_id = $1 AND import_id = $2 AND is_active"
HIDE_MEASUREMENTS = "UPDATE user_measurement SET is_active = false WHERE user_id = $1 AND import_id = $2 AND is_active"

# Last: the private exercises that no active row needs any more, of this import and of others that were undone while
# something else still used them.
HIDE_EXERCISES = """
    UPDATE exercise AS e SET is_active = false
    FROM import m
    WHERE e.user_id = $1 AND m.user_id = $1 AND m.id = e.import_id AND m.import_status = 'UNDONE' AND e.is_active
      AND NOT EXISTS (SELECT FROM user_exercise_performance p
                      WHERE p.user_id = $1 AND p.exercise_id = e.id AND p.is_active)
      AND NOT EXISTS (SELECT FROM exercise_mapping x WHERE x.user_id = $1 AND x.exercise_id = e.id AND x.is_active)
      AND e.id NOT IN (SELECT i.exercise_id FROM workout w JOIN exercise_instruction i ON i.workout_id = w.id
                       WHERE w.user_id = $1 AND i.user_id = $1 AND w.is_active AND i.is_active)
"""
