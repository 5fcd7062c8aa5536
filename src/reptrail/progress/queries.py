"""Every SQL statement behind the report. $1 is always the athlete; what counts is said once, in the fragments.

Only COMPLETED sessions count. One in progress is not over: a best that is corrected a minute later would come and go, and
this week would grow with every set; the session's own screen shows it meanwhile.

A session belongs to the day on which it began (history_at) where the athlete is, and to that day's ISO week. Days are
compared after the conversion and never as instants: an hour that a clock change shows twice then has its one day.
"""

from reptrail.progress.formulas import E1RM_EPLEY_SQL, VOLUME_KG_SQL

# $2 is the time now.
_ATHLETE = """
    athlete AS (
        SELECT u.display_name, u.time_zone, u.weight_unit, ($2::timestamptz AT TIME ZONE u.time_zone)::date AS today,
            date_trunc('week', $2::timestamptz AT TIME ZONE u.time_zone)::date AS this_monday
        FROM app_user u WHERE u.user_id = $1)"""

_COMPLETED = "s.user_id = $1 AND s.is_active AND s.session_status = 'COMPLETED'"

# Sets by performance. One that was written as a summary alone has no sets to look at: its number counts, and its volume
# does not, since the heaviest weight times all repetitions would be a guess that is always too high.
_PERFORMED = f"""
    SELECT d.monday, p.id, sum({VOLUME_KG_SQL}) AS volume_kg,
        CASE WHEN count(t.id) = 0 THEN p.sets_completed ELSE count(t.id) FILTER (WHERE t.kind <> 'WARMUP') END AS sets
    FROM done d
    JOIN user_exercise_performance p ON p.user_id = $1 AND p.user_workout_session_id = d.id AND p.is_active
    LEFT JOIN user_set_performance t ON t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active
    GROUP BY d.monday, p.id"""

_OPEN_SESSION = """
    SELECT s.id, r.workout_name, {at} AS at
    FROM user_workout_session s
    JOIN workout_revision r ON r.workout_id = s.workout_id AND r.revision = s.workout_revision
    WHERE s.user_id = $1 AND s.is_active AND {which}
    ORDER BY {at}, s.id LIMIT 1"""

_IN_PROGRESS = _OPEN_SESSION.format(at="s.history_at", which="s.session_status = 'IN_PROGRESS'")
_PLANNED = _OPEN_SESSION.format(
    at="s.scheduled_at", which="s.session_status = 'PLANNED' AND (s.scheduled_at AT TIME ZONE a.time_zone)::date >= a.today"
)

# Who, all of the time, the streaks, and what is under way or planned.
OVERVIEW = f"""
    WITH {_ATHLETE}, done AS (
        SELECT s.id, s.actual_duration_seconds, (s.history_at AT TIME ZONE a.time_zone)::date AS day,
            date_trunc('week', s.history_at AT TIME ZONE a.time_zone)::date AS monday
        FROM user_workout_session s CROSS JOIN athlete a WHERE {_COMPLETED}
    ), streaks AS (
        SELECT max(x.monday) AS last_monday, count(*) AS weeks
        FROM (SELECT w.monday, w.monday - 7 * row_number() OVER (ORDER BY w.monday)::int AS island
              FROM (SELECT DISTINCT d.monday FROM done d JOIN athlete a ON d.monday <= a.this_monday) w) x
        GROUP BY x.island
    )
    SELECT a.display_name, a.time_zone, a.weight_unit, a.today, c.sessions, c.seconds, c.first_day, c.last_day,
        v.sets, v.volume_kg,
        (SELECT coalesce(max(k.weeks), 0) FROM streaks k) AS longest_streak_weeks,
        (SELECT coalesce(max(k.weeks), 0) FROM streaks k WHERE k.last_monday BETWEEN a.this_monday - 7 AND a.this_monday)
            AS streak_weeks,
        o.id AS in_progress_id, o.workout_name AS in_progress_name, o.at AS in_progress_at,
        n.id AS planned_id, n.workout_name AS planned_name, n.at AS planned_at
    FROM athlete a
    CROSS JOIN (SELECT count(*) AS sessions, coalesce(sum(d.actual_duration_seconds), 0) AS seconds, min(d.day) AS first_day,
                       max(d.day) AS last_day FROM done d) c
    CROSS JOIN (SELECT coalesce(sum(x.sets), 0)::bigint AS sets, coalesce(sum(x.volume_kg), 0) AS volume_kg
                FROM ({_PERFORMED}) x) v
    LEFT JOIN LATERAL ({_IN_PROGRESS}) o ON true
    LEFT JOIN LATERAL ({_PLANNED}) n ON true
"""

# The last $3 weeks, each of them, this one last. The comparison with history_at only spares old sessions the conversion:
# it reaches a week too far back, which no time zone does; the exact cut is the join on the Monday.
WEEKS = f"""
    WITH {_ATHLETE}, done AS (
        SELECT s.id, s.actual_duration_seconds, date_trunc('week', s.history_at AT TIME ZONE a.time_zone)::date AS monday
        FROM user_workout_session s CROSS JOIN athlete a
        WHERE {_COMPLETED} AND s.history_at >= (a.this_monday - 7 * $3::int)::timestamp AT TIME ZONE 'UTC'
    ), trained AS (
        SELECT d.monday, count(*) AS sessions, sum(d.actual_duration_seconds) AS seconds FROM done d GROUP BY d.monday
    ), lifted AS (
        SELECT x.monday, sum(x.sets) AS sets, sum(x.volume_kg) AS volume_kg FROM ({_PERFORMED}) x GROUP BY x.monday
    )
    SELECT w.monday, coalesce(c.sessions, 0) AS sessions, coalesce(c.seconds, 0) AS seconds,
        coalesce(l.sets, 0)::bigint AS sets, coalesce(l.volume_kg, 0) AS volume_kg
    FROM athlete a
    CROSS JOIN LATERAL (SELECT a.this_monday - 7 * n AS monday FROM generate_series(0, $3::int - 1) n) w
    LEFT JOIN trained c ON c.monday = w.monday
    LEFT JOIN lifted l ON l.monday = w.monday
    ORDER BY w.monday
"""

# One of the two best sets of each chosen exercise; the last of the order is the id, so that the answer never flips.
_BEST = """
    SELECT DISTINCT ON (d.exercise_id) d.exercise_id, d.id, d.day, d.reps, d.weight, d.weight_unit, d.weight_kg, d.load, d.rpe,
        d.e1rm_kg
    FROM done d JOIN chosen c ON c.exercise_id = d.exercise_id
    WHERE {which}
    ORDER BY d.exercise_id, {order}, d.history_at, d.id"""

_HEAVIEST = _BEST.format(which="d.load <> 'ASSISTED'", order="coalesce(d.weight_kg, 0) DESC, d.reps DESC")
_BEST_E1RM = _BEST.format(which="d.e1rm_kg > 0", order="d.e1rm_kg DESC")

_BEST_COLUMNS = ", ".join(
    f"{alias}.{column} AS {name}_{column}"
    for alias, name in (("h", "heaviest"), ("b", "best_e1rm"))
    for column in ("id", "day", "reps", "weight", "weight_unit", "weight_kg", "load", "rpe", "e1rm_kg")
)

# $3 weeks that are "lately", $4 how many exercises, $5 parts of names or null for all, $6 weeks of trend. A lift is an
# exercise with repetitions; an exercise that was deleted since is still what was done. How often it is trained is told by
# the sets: by sessions, the curls at the end of each would come before the deadlift of every Friday.
LIFTS = f"""
    WITH {_ATHLETE}, done AS MATERIALIZED (
        SELECT t.id, t.exercise_id, t.reps, t.weight, t.weight_unit, t.weight_kg, t.load, t.rpe, {E1RM_EPLEY_SQL} AS e1rm_kg,
            {VOLUME_KG_SQL} AS volume_kg, s.id AS session_id, s.history_at, (s.history_at AT TIME ZONE a.time_zone)::date AS day
        FROM user_set_performance t
        JOIN user_exercise_performance p ON p.user_id = t.user_id AND p.id = t.user_exercise_performance_id
        JOIN user_workout_session s ON s.user_id = p.user_id AND s.id = p.user_workout_session_id
        CROSS JOIN athlete a
        WHERE t.user_id = $1 AND p.user_id = $1 AND {_COMPLETED} AND t.is_active AND p.is_active AND t.kind <> 'WARMUP'
          AND t.reps >= 1
    ), chosen AS (
        SELECT x.*, e.exercise_name
        FROM (SELECT d.exercise_id, count(*) AS sets, coalesce(sum(d.volume_kg), 0) AS volume_kg, min(d.day) AS first_day,
                  max(d.day) AS last_day, max(d.history_at) AS last_at, count(DISTINCT d.session_id) FILTER (
                      WHERE d.day BETWEEN a.this_monday - 7 * ($3::int - 1) AND a.this_monday + 6) AS sessions_lately,
                  count(*) FILTER (WHERE d.day BETWEEN a.this_monday - 7 * ($3::int - 1) AND a.this_monday + 6) AS sets_lately
              FROM done d CROSS JOIN athlete a GROUP BY d.exercise_id) x
        JOIN exercise e ON e.id = x.exercise_id AND (e.user_id IS NULL OR e.user_id = $1)
        WHERE $5::text[] IS NULL OR EXISTS (SELECT FROM unnest($5) n WHERE strpos(lower(e.exercise_name), lower(n)) > 0)
        ORDER BY x.sets_lately DESC, x.last_at DESC, e.exercise_name, x.exercise_id LIMIT $4
    ), weekly AS (
        SELECT x.exercise_id, array_agg(x.monday ORDER BY x.monday) AS mondays, array_agg(x.e1rm_kg ORDER BY x.monday) AS e1rms_kg
        FROM (SELECT d.exercise_id, date_trunc('week', d.day::timestamp)::date AS monday, max(d.e1rm_kg) AS e1rm_kg
              FROM done d JOIN chosen c ON c.exercise_id = d.exercise_id CROSS JOIN athlete a
              WHERE d.e1rm_kg > 0 AND d.day BETWEEN a.this_monday - 7 * ($6::int - 1) AND a.this_monday + 6
              GROUP BY 1, 2) x
        GROUP BY x.exercise_id
    )
    SELECT c.exercise_id, c.exercise_name, c.sessions_lately, c.sets_lately, c.sets, c.volume_kg, c.first_day, c.last_day,
        w.mondays, w.e1rms_kg, {_BEST_COLUMNS}
    FROM chosen c
    LEFT JOIN ({_HEAVIEST}) h ON h.exercise_id = c.exercise_id
    LEFT JOIN ({_BEST_E1RM}) b ON b.exercise_id = c.exercise_id
    LEFT JOIN weekly w ON w.exercise_id = c.exercise_id
    ORDER BY c.sets_lately DESC, c.last_at DESC, c.exercise_name, c.exercise_id
"""

# $2 is the metric. The trend wants one weight a day: of several, their mean.
DAILY_VALUES = """
    SELECT m.measurement_date AS day, avg(m.canonical_value)::float8 AS value
    FROM user_measurement m
    WHERE m.user_id = $1 AND m.metric_id = $2 AND m.is_active
    GROUP BY m.measurement_date ORDER BY m.measurement_date
"""
