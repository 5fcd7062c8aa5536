"""Every SQL statement on goals and forecasts. $1 is always the athlete.

A goal keeps its target and its days; where it began, how it stands and when it was reached is read from the data each
time, so that no edit, import or undo can make it wrong. The data of a goal is a series of one value a day: of a metric the
mean of the day's measurements, of a lift the day's best e1RM (Epley 1985, to the gram), of completed sessions and without
warm-ups and assisted sets, as records count it.
"""

from reptrail.goals.rules import E1RM_IN_FORCE_DAYS, START_WITHIN_DAYS
from reptrail.progress.formulas import E1RM_SQL

# $2 is the time now.
_ATHLETE = """
    athlete AS (
        SELECT u.time_zone, u.weight_unit, ($2::timestamptz AT TIME ZONE u.time_zone)::date AS today
        FROM app_user u WHERE u.id = $1)"""

# The series of `goals` (id, metric_id, exercise_id, since). A session began on its day where the athlete is; the bound on
# the instant only spares old ones the conversion, a day too far back, which no time zone is. From the days inwards, held
# there by OFFSET 0: PostgreSQL would begin with all sets there ever were of the exercise (ten years: 10 ms a goal, not 1).
_SERIES = f"""
    series AS MATERIALIZED (
        SELECT g.id, x.day, x.value
        FROM goals g CROSS JOIN LATERAL (
            SELECT v.measurement_date AS day, avg(v.canonical_value) AS value FROM user_measurement v
            WHERE v.user_id = $1 AND v.metric_id = g.metric_id AND v.is_active AND v.measurement_date >= g.since
            GROUP BY v.measurement_date OFFSET 0) x
        WHERE g.metric_id IS NOT NULL
        UNION ALL
        SELECT x.id, x.day, max(x.e1rm_kg)
        FROM (
            SELECT g.id, g.since, (s.history_at AT TIME ZONE a.time_zone)::date AS day, d.e1rm_kg
            FROM goals g
            CROSS JOIN athlete a
            CROSS JOIN LATERAL (
                SELECT s.id, s.history_at FROM user_workout_session s
                WHERE s.user_id = $1 AND s.is_active AND s.session_status = 'COMPLETED'
                  AND s.history_at >= (g.since - 1)::timestamp AT TIME ZONE 'UTC' OFFSET 0) s
            CROSS JOIN LATERAL (
                SELECT p.id, p.exercise_id FROM user_exercise_performance p
                WHERE p.user_id = $1 AND p.user_workout_session_id = s.id AND p.is_active OFFSET 0) p
            CROSS JOIN LATERAL (
                SELECT {E1RM_SQL} AS e1rm_kg FROM user_set_performance t
                WHERE t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active AND t.kind <> 'WARMUP'
                  AND t.load <> 'ASSISTED' OFFSET 0) d
            WHERE p.exercise_id = g.exercise_id) x
        WHERE x.e1rm_kg > 0 AND x.day >= x.since
        GROUP BY x.id, x.day)"""


def _in_force(day: str) -> str:
    # The value that counts on a day: the last one up to it, of a lift the best of four weeks. Over a group of `series d`.
    return f"""CASE WHEN (array_agg(g.metric_id))[1] IS NULL
            THEN max(d.value) FILTER (WHERE d.day > {day} - {E1RM_IN_FORCE_DAYS} AND d.day <= {day}) END,
        (array_agg(d.value ORDER BY d.day DESC) FILTER (WHERE d.day <= {day}))[1]"""


# Where each goal began: on its start day, else on the first day after it; and when it was reached.
_STANDINGS = f"""
    starts AS (
        SELECT d.id, coalesce({_in_force("g.start_date")}, (array_agg(d.value ORDER BY d.day))[1]) AS start_value,
            coalesce({_in_force("a.today")}, (array_agg(d.value ORDER BY d.day DESC))[1]) AS current_value,
            max(d.day) AS last_day
        FROM series d JOIN goals g ON g.id = d.id CROSS JOIN athlete a GROUP BY d.id
    ), reached AS (
        SELECT d.id, min(d.day) AS reached_on
        FROM series d JOIN goals g ON g.id = d.id JOIN starts b ON b.id = d.id
        WHERE d.day >= g.start_date
          AND CASE WHEN g.canonical_target >= b.start_value THEN d.value >= g.canonical_target
                   ELSE d.value <= g.canonical_target END
        GROUP BY d.id
    )"""

_METRIC = """m.id, m.slug, m.metric_name, m.dimension, m.canonical_unit, m.allowed_units, m.minimum_plausible,
    m.maximum_plausible, m.is_calculated"""

_GOAL_COLUMNS = """g.id, g.user_id, g.metric_id, g.exercise_id, m.slug AS metric,
    coalesce(m.metric_name, e.exercise_name) AS subject_name, g.target_value, g.target_unit, g.start_date, g.target_date,
    g.goal_notes, g.created_by, g.updated_by, g.created_at, g.updated_at, g.version, g.canonical_target,
    b.start_value AS canonical_start, b.current_value AS canonical_current, b.last_day, r.reached_on,
    app.unit_factor(g.target_unit) AS unit_factor, a.today"""

# What a goal is of may be hidden since: the goal stays, with its name.
_NAMED = """
    FROM goals g CROSS JOIN athlete a
    LEFT JOIN metric m ON m.id = g.metric_id AND (m.user_id IS NULL OR m.user_id = $1)
    LEFT JOIN exercise e ON e.id = g.exercise_id AND (e.user_id IS NULL OR e.user_id = $1)
    LEFT JOIN starts b ON b.id = g.id
    LEFT JOIN reached r ON r.id = g.id"""

# $3 and $4 the last row's key, $5 limit; `is_blind`: whether the actor may see no goal at all.
GOALS = f"""
    WITH {_ATHLETE}, goals AS MATERIALIZED (
        SELECT o.*, o.start_date - {START_WITHIN_DAYS} AS since FROM user_goal o
        WHERE o.user_id = $1 AND o.is_active AND ($3::date IS NULL OR (o.target_date, o.id) > ($3, $4::uuid))
        ORDER BY o.target_date, o.id LIMIT $5
    ), {_SERIES}, {_STANDINGS}
    SELECT {_GOAL_COLUMNS} {_NAMED}
    ORDER BY g.target_date, g.id
"""

GOAL = f"""
    WITH {_ATHLETE}, goals AS MATERIALIZED (
        SELECT o.*, o.start_date - {START_WITHIN_DAYS} AS since FROM user_goal o
        WHERE o.user_id = $1 AND o.is_active AND o.id = $3
    ), {_SERIES}, {_STANDINGS}
    SELECT {_GOAL_COLUMNS} {_NAMED}
"""

# Whether the actor may read goals of each kind. Not on the athlete's rows: one statement more, for an empty list alone.
MAY_READ = "SELECT app.allowed('training:read') IS NOT NULL OR app.allowed('measurements:read') IS NOT NULL"

# All that making a goal needs to know: of metric $2 or exercise $3, and what is stored under id $4, hidden or not.
CONTEXT = f"""
    SELECT u.time_zone,
        app.allowed('training:write') IS NOT NULL AS may_write_training,
        app.allowed('measurements:write') IS NOT NULL AS may_write_measurements,
        (SELECT row_to_json(x) FROM (
            SELECT {_METRIC} FROM metric m WHERE m.id = $2 AND m.is_active AND (m.user_id IS NULL OR m.user_id = $1)) x) AS metric,
        EXISTS (SELECT FROM exercise e WHERE e.id = $3 AND e.is_active AND (e.user_id IS NULL OR e.user_id = $1)) AS has_exercise,
        (SELECT row_to_json(o) FROM user_goal o WHERE o.user_id = $1 AND o.id = $4) AS stored
    FROM app_user u WHERE u.id = $1
"""

INSERT = """
    INSERT INTO user_goal (user_id, id, metric_id, exercise_id, target_value, target_unit, start_date, target_date, goal_notes)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

# A goal with what an edit of it must be checked against.
FIND = f"""
    SELECT o.id, o.metric_id, o.exercise_id, o.target_value, o.target_unit, o.start_date, o.target_date, o.goal_notes, o.version,
        (SELECT row_to_json(x) FROM (
            SELECT {_METRIC} FROM metric m WHERE m.id = o.metric_id AND (m.user_id IS NULL OR m.user_id = $1)) x) AS metric,
        CASE WHEN o.metric_id IS NULL THEN app.allowed('training:write') ELSE app.allowed('measurements:write') END
            IS NOT NULL AS may_write,
        (SELECT u.time_zone FROM app_user u WHERE u.id = $1) AS time_zone
    FROM user_goal o WHERE o.user_id = $1 AND o.id = $2 AND o.is_active
"""

UPDATE = """
    UPDATE user_goal AS o SET target_value = $4, target_unit = $5, start_date = $6, target_date = $7, goal_notes = $8
    WHERE o.user_id = $1 AND o.id = $2 AND o.is_active AND o.version = $3
"""

HIDE = "UPDATE user_goal AS o SET is_active = false WHERE o.user_id = $1 AND o.id = $2 AND o.is_active"

# Of goal $3, or of metric $4 or exercise $5 towards $6 in unit $7 (null: the athlete's unit of weight, else the metric's
# canonical one), with all values of the last $8 days, or of the goal's own time if that is more.
FORECAST = f"""
    WITH {_ATHLETE}, goals AS MATERIALIZED (
        SELECT o.id, o.metric_id, o.exercise_id, o.target_value, o.target_unit::text AS target_unit, o.canonical_target,
            o.start_date, o.target_date, least(o.start_date - {START_WITHIN_DAYS}, a.today - $8::int) AS since
        FROM user_goal o CROSS JOIN athlete a WHERE o.user_id = $1 AND o.is_active AND o.id = $3
        UNION ALL
        SELECT '00000000-0000-0000-0000-000000000000'::uuid, $4, $5, $6::numeric, f.unit, $6 * app.unit_factor(f.unit), a.today,
            NULL::date, a.today - $8::int
        FROM athlete a
        LEFT JOIN metric m ON m.id = $4 AND (m.user_id IS NULL OR m.user_id = $1)
        CROSS JOIN LATERAL (SELECT coalesce($7, CASE
            WHEN $5::uuid IS NOT NULL THEN a.weight_unit::text
            WHEN m.dimension = 'mass' AND (a.weight_unit::text = ANY (m.allowed_units)
                OR a.weight_unit = 'lb' AND '[lb_av]' = ANY (m.allowed_units)) THEN a.weight_unit::text
            ELSE m.canonical_unit END) AS unit) f
        WHERE $3::uuid IS NULL
    ), {_SERIES}, {_STANDINGS}
    SELECT a.today, g.metric_id, g.exercise_id, e.exercise_name, g.target_value, g.target_unit, g.canonical_target,
        g.start_date, g.target_date, app.unit_factor(g.target_unit) AS unit_factor, b.start_value AS canonical_start, r.reached_on,
        CASE WHEN m.id IS NOT NULL THEN (SELECT row_to_json(x) FROM (SELECT {_METRIC}) x) END AS metric,
        app.allowed('training:read') IS NOT NULL AS may_read_training,
        app.allowed('measurements:read') IS NOT NULL AS may_read_measurements,
        (SELECT array_agg(d.day ORDER BY d.day) FROM series d WHERE d.day >= a.today - $8::int) AS days,
        (SELECT array_agg(d.value::float8 ORDER BY d.day) FROM series d WHERE d.day >= a.today - $8::int) AS daily
    {_NAMED}
"""

# --- Calibration ------------------------------------------------------------------------------------------------------

# Every day's value of a metric ($3) and of the $4 lifts with the most days; $2 the time now. `subject` is the name.
CALIBRATION = f"""
    WITH {_ATHLETE}, lifts AS (
        SELECT t.exercise_id, (s.history_at AT TIME ZONE a.time_zone)::date AS day, max({E1RM_SQL}) AS value
        FROM user_set_performance t
        JOIN user_exercise_performance p ON p.user_id = t.user_id AND p.exercise_id = t.exercise_id
            AND p.id = t.user_exercise_performance_id
        JOIN user_workout_session s ON s.user_id = p.user_id AND s.id = p.user_workout_session_id
        CROSS JOIN athlete a
        WHERE t.user_id = $1 AND p.user_id = $1 AND s.user_id = $1 AND t.is_active AND t.kind <> 'WARMUP' AND p.is_active
          AND t.load <> 'ASSISTED' AND s.is_active AND s.session_status = 'COMPLETED' AND t.weight_kg > 0
        GROUP BY t.exercise_id, day
    )
    SELECT m.metric_name AS subject, false AS is_lift, array_agg(d.day ORDER BY d.day) AS days,
        array_agg(d.value ORDER BY d.day) AS daily
    FROM metric m
    JOIN (SELECT v.metric_id, v.measurement_date AS day, avg(v.canonical_value)::float8 AS value FROM user_measurement v
          WHERE v.user_id = $1 AND v.metric_id = $3 AND v.is_active
          GROUP BY v.metric_id, v.measurement_date) d ON d.metric_id = m.id
    GROUP BY m.metric_name
    UNION ALL
    SELECT x.* FROM (
        SELECT e.exercise_name, true, array_agg(l.day ORDER BY l.day), array_agg(l.value::float8 ORDER BY l.day)
        FROM lifts l JOIN exercise e ON e.id = l.exercise_id AND (e.user_id IS NULL OR e.user_id = $1)
        WHERE l.value IS NOT NULL
        GROUP BY e.id, e.exercise_name ORDER BY count(*) DESC, e.exercise_name LIMIT $4) x
"""
