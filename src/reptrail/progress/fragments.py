"""What the statements in queries.py are made of, so that each rule of what counts stands once. $1 is the athlete, $2 now.

Only COMPLETED sessions count. One in progress is not over: a best that is corrected a minute later would come and go, and
this week would grow with every set; the session's own screen shows it meanwhile.

A session belongs to the day on which it began (history_at) where the athlete is, and to that day's ISO week. Days are
compared after the conversion and never as instants: an hour that a clock change shows twice then has its one day.
"""

from reptrail.progress.formulas import E1RM_SQL, SESSION_LOAD_SQL, VOLUME_KG_SQL
from reptrail.progress.rules import MAX_PERIOD_DAYS
from reptrail.training.rules import KG_PER_LB

ATHLETE = f"""
    athlete AS (
        SELECT u.display_name, u.time_zone, u.weight_unit, CASE u.weight_unit WHEN 'lb' THEN {KG_PER_LB} ELSE 1 END AS unit_kg,
            ($2::timestamptz AT TIME ZONE u.time_zone)::date AS today,
            date_trunc('week', $2::timestamptz AT TIME ZONE u.time_zone)::date AS this_monday
        FROM app_user u WHERE u.user_id = $1 AND u.id = $1)"""

COMPLETED = "s.user_id = $1 AND s.is_active AND s.session_status = 'COMPLETED'"

# Sets by performance of the sessions `done`. A performance that was written as a summary alone has no sets to look at: its
# number counts, and its volume does not, since the heaviest weight times all repetitions would be a guess always too high.
# The performances of the sessions `done`, and their sets. Of ten years a chart shows weeks: OFFSET 0 and LATERAL keep the
# planner on its way from those few sessions down; by its estimates all sets of the athlete are as few, and it began there.
DONE_PERFORMANCES = """done d
        CROSS JOIN LATERAL (
            SELECT p.id, p.exercise_id, p.sets_completed FROM user_exercise_performance p
            WHERE p.user_id = $1 AND p.user_workout_session_id = d.id AND p.is_active OFFSET 0) p"""

# A performance that was written as a summary alone has no sets to look at: its number counts, and its volume does not, since
# the heaviest weight times all repetitions would be a guess always too high.
PERFORMED = f"""
    performed AS MATERIALIZED (
        SELECT d.id AS session_id, d.day, d.monday, p.exercise_id, t.volume_kg,
            CASE WHEN t.logged = 0 THEN p.sets_completed ELSE t.hard END AS sets
        FROM {DONE_PERFORMANCES}
        CROSS JOIN LATERAL (
            SELECT sum({VOLUME_KG_SQL}) AS volume_kg, count(*) AS logged, count(*) FILTER (WHERE t.kind <> 'WARMUP') AS hard
            FROM user_set_performance t
            WHERE t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active) t)"""


def asked(days: int, *, whole_weeks: bool = False) -> str:
    """The athlete with the period of $3 and $4, days included, each of which may be null.

    `days` that end today where nothing is asked, never more than MAX_PERIOD_DAYS; `whole_weeks` widens it to ISO weeks.
    """
    since, until = "p.since", "u.until"
    if whole_weeks:
        since, until = f"date_trunc('week', {since}::timestamp)::date", f"date_trunc('week', {until}::timestamp)::date + 6"
    return f"""{ATHLETE}, asked AS (
        SELECT a.*, {since} AS since, {until} AS until
        FROM athlete a
        CROSS JOIN LATERAL (SELECT coalesce($4::date, greatest($3::date, a.today)) AS until) u
        CROSS JOIN LATERAL (
            SELECT greatest(coalesce($3::date, u.until - {days - 1}), u.until - {MAX_PERIOD_DAYS - 1}) AS since) p)"""


def done(since: str = "a.since", until: str = "a.until") -> str:
    """The completed sessions of some days. The bounds of history_at are there for the index, a day too wide for any zone.

    Within OFFSET 0 the day is reckoned once a row, and the bounds come to the index: in a join, under row-level security,
    they would not.
    """
    return f"""
    done AS (
        SELECT s.id, s.seconds, s.load, s.day, date_trunc('week', s.day::timestamp)::date AS monday
        FROM asked a
        CROSS JOIN LATERAL (
            SELECT s.id, s.actual_duration_seconds AS seconds, {SESSION_LOAD_SQL} AS load,
                (s.history_at AT TIME ZONE a.time_zone)::date AS day
            FROM user_workout_session s
            WHERE {COMPLETED} AND s.history_at >= ({since} - 1)::timestamp AT TIME ZONE 'UTC'
              AND s.history_at < ({until} + 2)::timestamp AT TIME ZONE 'UTC' OFFSET 0) s
        WHERE s.day BETWEEN {since} AND {until})"""


def due(since: str = "a.since", until: str = "a.until") -> str:
    """The sessions planned for some days of the athlete's, and what each of them is today."""
    return f"""
    due AS (
        SELECT s.day, date_trunc('week', s.day::timestamp)::date AS monday, s.program_enrollment_id, n.program_id,
            n.program_revision, app.due_state(s.session_status, s.day, n.paused_on, a.today) AS state
        FROM asked a
        CROSS JOIN LATERAL (
            SELECT s.session_status, s.program_enrollment_id, (s.scheduled_at AT TIME ZONE a.time_zone)::date AS day
            FROM user_workout_session s
            WHERE s.user_id = $1 AND s.is_active AND s.scheduled_at >= ({since} - 1)::timestamp AT TIME ZONE 'UTC'
              AND s.scheduled_at < ({until} + 2)::timestamp AT TIME ZONE 'UTC' OFFSET 0) s
        LEFT JOIN user_program_enrollment n ON n.user_id = $1 AND n.id = s.program_enrollment_id
        WHERE s.day BETWEEN {since} AND {until})"""


# Runs of ISO weeks with a session; a week that is not over yet does not end one.
STREAKS = """
    streaks AS (
        SELECT max(x.monday) AS last_monday, count(*) AS weeks
        FROM (SELECT w.monday, w.monday - 7 * row_number() OVER (ORDER BY w.monday)::int AS island
              FROM (SELECT DISTINCT d.monday FROM {done} d JOIN athlete a ON d.monday <= a.this_monday) w) x
        GROUP BY x.island)"""
STREAK_COLUMNS = """(SELECT coalesce(max(k.weeks), 0) FROM streaks k) AS longest_streak_weeks,
        (SELECT coalesce(max(k.weeks), 0) FROM streaks k WHERE k.last_monday BETWEEN a.this_monday - 7 AND a.this_monday)
            AS streak_weeks"""

# What can be a record: training/rules.py says the same of a set just logged. Also what the indexes of bests hold.
COUNTS = "t.is_active AND t.kind <> 'WARMUP' AND t.load <> 'ASSISTED'"

SET = """t.id AS set_id, t.exercise_id, t.set_number, t.kind, t.reps, t.weight, t.weight_unit, t.weight_kg, t.load, t.rpe,
    t.duration_seconds, t.distance_m, s.id AS session_id, s.history_at"""
SETS = """user_set_performance t
    JOIN user_exercise_performance p ON p.user_id = t.user_id AND p.id = t.user_exercise_performance_id
    JOIN user_workout_session s ON s.user_id = p.user_id AND s.id = p.user_workout_session_id"""
SETS_DONE = f"t.user_id = $1 AND p.user_id = $1 AND {COMPLETED} AND t.is_active AND p.is_active"
# The order in which sets were done; the ids only so that it is one.
IN_TURN = "s.history_at, s.id, t.set_number, t.id"

# kind: its value of a set, and what it needs. Of equal values the first is the record: equalling one breaks none.
BESTS = {
    "HEAVIEST_WEIGHT": ("t.weight_kg", "t.reps >= 1 AND t.weight_kg > 0"),
    "BEST_E1RM": (E1RM_SQL, "t.reps >= 1"),
    "LONGEST": ("t.duration_seconds", "t.duration_seconds IS NOT NULL"),
    "FURTHEST": ("t.distance_m", "t.distance_m IS NOT NULL"),
}


def left_out(also: str = "") -> str:
    """The performances that are in no record, their sessions not being completed, and others.

    They are few, so they are left out, and not the others joined: with a join the planner takes the top of an index for no
    better than all of it, and reads ten years.
    """
    return f"""
    left_out AS MATERIALIZED (
        SELECT p.id FROM user_workout_session s CROSS JOIN LATERAL (
            SELECT p.id FROM user_exercise_performance p WHERE p.user_id = $1 AND p.user_workout_session_id = s.id OFFSET 0) p
        WHERE s.user_id = $1 AND s.session_status IN ('PLANNED', 'IN_PROGRESS', 'SKIPPED', 'CANCELLED'){also})"""


IN_RECORDS = f"t.user_id = $1 AND {COUNTS} AND t.user_exercise_performance_id NOT IN (SELECT o.id FROM left_out o)"


def best(kind: str, needs: str = "") -> str:
    """The sets of the exercise `x` with its best value, from the top of an index; `needs` narrows it.

    Under row-level security no index is searched by a numeric or by an expression (their operators might tell what they
    compare), but read in its order it may be: so the best is never asked for by its value.
    """
    value, has_one = BESTS[kind]
    # The index of e1RM has its nulls last, as the others have when they are read backwards past what their condition leaves.
    last = " NULLS LAST" if kind == "BEST_E1RM" else ""
    return f"""
        SELECT {value} AS value, t.id FROM user_set_performance t
        WHERE {IN_RECORDS} AND t.exercise_id = x.exercise_id AND {has_one}{needs}
        ORDER BY {value} DESC{last} FETCH FIRST 1 ROW WITH TIES"""
