"""Every SQL statement on prescriptions, training maxes and equipment. $1 is always the athlete."""

# What was done of an exercise in completed sessions before a time, newest first, with what had been prescribed for it.
# It walks back through the sessions, as training's previous performance does and for the same reason; an exercise that may
# come several times in one session does so a few times at most, and the LIMIT keeps the walk a walk.
_HISTORY = """(
    SELECT coalesce(json_agg(x), '[]') FROM (
        SELECT b.id AS session_id, b.history_at AS at, (b.history_at AT TIME ZONE u.time_zone)::date AS date,
            b.program_enrollment_id, b.program_cycle, p.sets_completed, p.reps_completed, p.weight_used_kg, p.duration_seconds, (
                SELECT coalesce(json_agg(y), '[]') FROM (
                    SELECT t.kind, t.reps, t.weight, t.weight_unit, t.weight_kg, t.load, t.rpe, t.duration_seconds, t.distance_m
                    FROM user_set_performance t
                    WHERE t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active
                    ORDER BY t.set_number, t.id) y) AS sets, (
                SELECT json_build_object('rule', a.rule, 'sets', a.sets, 'scheme', a.inputs ->> 'scheme',
                    'builds_on_kg', a.inputs -> 'builds_on_kg')
                FROM user_prescription a
                WHERE a.user_id = $1 AND a.user_workout_session_id = b.id AND a.is_active
                  AND a.exercise_instruction_id = p.exercise_instruction_id) AS prescribed
        FROM user_workout_session b
        CROSS JOIN LATERAL (
            SELECT q.* FROM user_exercise_performance q
            WHERE q.user_id = $1 AND q.user_workout_session_id = b.id AND q.exercise_id = {exercise} AND q.is_active
              AND q.sets_completed > 0 ORDER BY q.id LIMIT 8) p
        WHERE b.user_id = $1 AND b.is_active AND b.session_status = 'COMPLETED'{when}
          AND EXISTS (
              SELECT FROM user_exercise_performance q WHERE q.user_id = $1 AND q.exercise_id = {exercise} AND q.is_active)
        ORDER BY b.history_at DESC, b.id DESC, p.id LIMIT {limit}) x)"""

_EQUIPMENT = """(
    SELECT row_to_json(x) FROM (
        SELECT k.weight_unit, k.bar_weight, k.plates, k.dumbbells, k.machine_step, k.version, k.updated_at, k.updated_by
        FROM user_equipment k WHERE k.user_id = $1 AND k.is_active) x)"""

_INSTRUCTION = """i.id, i.exercise_id, e.exercise_name, e.equipment, e.tracks, e.load, i.sets, i.reps_min, i.reps_max, i.weight,
    i.weight_unit, i.percent, i.rpe, i.rest_seconds, i.duration_seconds, i.distance_m, i.set_targets, i.progression"""

# The newest there is, and whether this cycle of the session's enrollment has one.
_TRAINING_MAX = """(
    SELECT row_to_json(x) FROM (
        SELECT m.weight, m.weight_unit, m.reason, m.created_at, m.program_enrollment_id, EXISTS (
            SELECT FROM user_training_max c
            WHERE c.user_id = $1 AND c.exercise_id = i.exercise_id AND c.is_active
              AND c.program_enrollment_id = s.program_enrollment_id AND c.cycle = s.program_cycle) AS of_this_cycle
        FROM user_training_max m
        WHERE m.user_id = $1 AND m.exercise_id = i.exercise_id AND m.is_active
        ORDER BY m.created_at DESC, m.id DESC LIMIT 1) x)"""

_HISTORY_OF_INSTRUCTION = _HISTORY.format(
    exercise="i.exercise_id",
    when=" AND b.history_at < coalesce(s.started_at, $3) AND b.id <> s.id",
    limit="CASE WHEN i.progression ->> 'rule' = 'percent' THEN 60 "
    "ELSE greatest(12, 2 * (i.progression ->> 'deload_after')::integer) END",
)

# All that the rules need for a session $2, at once; $3 is the time now, for one that has not started.
CONTEXT = f"""
    SELECT s.session_status, s.program_enrollment_id, s.program_cycle, u.weight_unit, {_EQUIPMENT} AS equipment,
        (coalesce(s.started_at, $3::timestamptz) AT TIME ZONE u.time_zone)::date AS today, (
        SELECT coalesce(json_agg(x), '[]') FROM (
            SELECT {_INSTRUCTION}, {_TRAINING_MAX} AS training_max, {_HISTORY_OF_INSTRUCTION} AS history
            FROM exercise_instruction i JOIN exercise e ON e.id = i.exercise_id
            WHERE i.is_active AND (i.workout_id = s.workout_id AND i.revision = s.workout_revision
                                   OR i.workout_id = s.own_workout_id)
            ORDER BY i.workout_id IS NOT DISTINCT FROM s.own_workout_id, i.position, i.id) x) AS instructions
    FROM user_workout_session s JOIN app_user u ON u.id = s.user_id
    WHERE s.user_id = $1 AND s.id = $2 AND s.is_active
"""

# Of a session that is started a second time the rows are brought up to date.
STORE = """
    INSERT INTO user_prescription AS a (user_id, user_workout_session_id, id, exercise_instruction_id, exercise_id, sets,
        rest_seconds, rule, inputs, reason)
    SELECT $1, $2, n.* FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::jsonb[], $7::integer[], $8::text[], $9::jsonb[],
        $10::text[]) AS n
    ON CONFLICT (user_id, user_workout_session_id, exercise_instruction_id) DO UPDATE SET sets = EXCLUDED.sets,
        rest_seconds = EXCLUDED.rest_seconds, rule = EXCLUDED.rule, inputs = EXCLUDED.inputs,
        reason = EXCLUDED.reason, is_active = true
"""

# What was prescribed for a session, in the order of its instructions. What was asked when it was begun once before, and which
# went with an upgrade of its program since, is left out.
STORED = """
    SELECT s.session_status, (
        SELECT coalesce(json_agg(x), '[]') FROM (
            SELECT a.exercise_instruction_id, a.exercise_id, e.exercise_name, a.sets, a.rest_seconds, a.rule, a.inputs, a.reason
            FROM user_prescription a
            LEFT JOIN exercise_instruction i ON i.id = a.exercise_instruction_id
            LEFT JOIN exercise e ON e.id = a.exercise_id
            WHERE a.user_id = $1 AND a.user_workout_session_id = s.id AND a.is_active
              AND (i.id IS NULL OR i.workout_id = s.workout_id AND i.revision = s.workout_revision
                   OR i.workout_id = s.own_workout_id)
            ORDER BY i.workout_id IS NOT DISTINCT FROM s.own_workout_id, i.position, a.id) x) AS items
    FROM user_workout_session s WHERE s.user_id = $1 AND s.id = $2 AND s.is_active
"""

EQUIPMENT = f"SELECT u.weight_unit, {_EQUIPMENT} AS equipment FROM app_user u WHERE u.id = $1"

STORE_EQUIPMENT = """
    INSERT INTO user_equipment AS k (id, user_id, weight_unit, bar_weight, plates, dumbbells, machine_step)
    VALUES ($1, $1, $2, $3, $4, $5, $6)
    ON CONFLICT (id) DO UPDATE SET weight_unit = EXCLUDED.weight_unit, bar_weight = EXCLUDED.bar_weight,
        plates = EXCLUDED.plates, dumbbells = EXCLUDED.dumbbells, machine_step = EXCLUDED.machine_step, is_active = true
    WHERE (k.weight_unit, k.bar_weight, k.plates, k.dumbbells, k.machine_step, k.is_active) IS DISTINCT FROM (
        EXCLUDED.weight_unit, EXCLUDED.bar_weight, EXCLUDED.plates, EXCLUDED.dumbbells, EXCLUDED.machine_step, true)
"""

_MAX_COLUMNS = """m.id, m.exercise_id, e.exercise_name, m.weight, m.weight_unit, m.weight_kg, m.program_enrollment_id, m.cycle,
    m.reason, m.created_by, m.created_at"""

_NEWEST_MAXES = """
    FROM (SELECT DISTINCT ON (t.exercise_id) t.* FROM user_training_max t
          WHERE t.user_id = $1 AND t.is_active ORDER BY t.exercise_id, t.created_at DESC, t.id DESC) m
    JOIN exercise e ON e.id = m.exercise_id"""

# $2 and $3 the last row's key, $4 the limit.
TRAINING_MAXES = f"""
    SELECT coalesce(json_agg(d.document ORDER BY d.place) FILTER (WHERE d.place < $4), '[]') AS items, count(*) AS found,
        (array_agg(d.exercise_name) FILTER (WHERE d.place = $4 - 1))[1] AS last_name,
        (array_agg(d.exercise_id) FILTER (WHERE d.place = $4 - 1))[1] AS last_id
    FROM (
        SELECT e.exercise_name, m.exercise_id, (SELECT row_to_json(x) FROM (SELECT {_MAX_COLUMNS}) x) AS document,
            row_number() OVER (ORDER BY e.exercise_name, m.exercise_id) AS place
        {_NEWEST_MAXES}
        WHERE $2::text IS NULL OR (e.exercise_name, m.exercise_id) > ($2, $3::uuid)
        ORDER BY e.exercise_name, m.exercise_id LIMIT $4) d
"""

TRAINING_MAX = f"SELECT row_to_json(x) FROM (SELECT {_MAX_COLUMNS} {_NEWEST_MAXES} WHERE m.exercise_id = $2) x"

EXERCISE = "SELECT e.id FROM exercise e WHERE e.id = $2 AND e.is_active AND (e.user_id IS NULL OR e.user_id = $1)"

# Nothing is written where the newest says the same and was set by hand.
SET_TRAINING_MAX = """
    INSERT INTO user_training_max (user_id, id, exercise_id, weight, weight_unit, reason)
    SELECT $1, $2, e.id, $4, $5, $6 FROM exercise e
    WHERE e.id = $3 AND e.is_active AND (e.user_id IS NULL OR e.user_id = $1) AND NOT EXISTS (
        SELECT FROM (SELECT t.* FROM user_training_max t WHERE t.user_id = $1 AND t.exercise_id = $3 AND t.is_active
                     ORDER BY t.created_at DESC, t.id DESC LIMIT 1) m
        WHERE m.program_enrollment_id IS NULL AND (m.weight, m.weight_unit, m.reason) = ($4, $5, $6))
"""

# Those that a cycle of an enrollment begins with.
INSERT_TRAINING_MAXES = """
    INSERT INTO user_training_max (user_id, program_enrollment_id, cycle, id, exercise_id, weight, weight_unit, reason)
    SELECT $1, $2, $3, n.* FROM unnest($4::uuid[], $5::uuid[], $6::numeric[], $7::weight_unit[], $8::text[]) AS n
"""

_DONE = _HISTORY.format(
    exercise="e.id", when=" AND ($4::date IS NULL OR b.history_at < ($4 + 1)::timestamp AT TIME ZONE u.time_zone)", limit="$3"
)

# An exercise ($2) with the last $3 performances of it up to a day ($4).
BACKTEST = f"""
    SELECT e.id AS exercise_id, e.exercise_name, e.equipment AS tool, e.tracks, e.load, u.weight_unit, {_EQUIPMENT} AS equipment,
        {_DONE} AS history
    FROM exercise e JOIN app_user u ON u.id = $1
    WHERE e.id = $2 AND (e.user_id IS NULL OR e.user_id = $1)
"""

# The exercises that were ever done, what is popular first.
DONE_EXERCISES = """
    SELECT e.id, e.exercise_name, e.aliases FROM exercise e
    WHERE EXISTS (SELECT FROM user_exercise_performance p WHERE p.user_id = $1 AND p.exercise_id = e.id AND p.is_active)
    ORDER BY e.rank, e.exercise_name, e.id
"""
