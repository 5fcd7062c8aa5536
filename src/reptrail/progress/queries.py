"""Every SQL statement behind the numbers and charts, made of what fragments.py says once. $1 is always the athlete, $2 now.

Where a chart needs much, PostgreSQL builds its JSON. Weights in it are in the athlete's unit, to the gram.
"""

import re

from reptrail.progress import fragments as f
from reptrail.progress.formulas import E1RM_EPLEY_SQL, E1RM_SQL, LOAD_MEMORY_DAYS, VOLUME_KG_SQL
from reptrail.progress.rules import EXERCISE_DAYS, SUMMARY_DAYS, WEEKS_DAYS, Candidate

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
    WITH {f.ATHLETE}, done AS (
        SELECT s.id, s.actual_duration_seconds, (s.history_at AT TIME ZONE a.time_zone)::date AS day,
            date_trunc('week', s.history_at AT TIME ZONE a.time_zone)::date AS monday
        FROM user_workout_session s CROSS JOIN athlete a WHERE {f.COMPLETED}
    ), {f.PERFORMED}, {f.STREAKS.format(done="done")}
    SELECT a.display_name, a.time_zone, a.weight_unit, a.today, c.sessions, c.seconds, c.first_day, c.last_day, v.sets,
        v.volume_kg, {f.STREAK_COLUMNS},
        o.id AS in_progress_id, o.workout_name AS in_progress_name, o.at AS in_progress_at,
        n.id AS planned_id, n.workout_name AS planned_name, n.at AS planned_at
    FROM athlete a
    CROSS JOIN (SELECT count(*) AS sessions, coalesce(sum(d.actual_duration_seconds), 0) AS seconds, min(d.day) AS first_day,
                       max(d.day) AS last_day FROM done d) c
    CROSS JOIN (SELECT coalesce(sum(x.sets), 0)::bigint AS sets, coalesce(sum(x.volume_kg), 0) AS volume_kg FROM performed x) v
    LEFT JOIN LATERAL ({_IN_PROGRESS}) o ON true
    LEFT JOIN LATERAL ({_PLANNED}) n ON true
"""

# The last $3 weeks, each of them, this one last. The comparison with history_at only spares old sessions the conversion:
# it reaches a week too far back, which no time zone does; the exact cut is the join on the Monday.
WEEKS = f"""
    WITH {f.ATHLETE}, done AS (
        SELECT s.id, s.actual_duration_seconds, (s.history_at AT TIME ZONE a.time_zone)::date AS day,
            date_trunc('week', s.history_at AT TIME ZONE a.time_zone)::date AS monday
        FROM user_workout_session s CROSS JOIN athlete a
        WHERE {f.COMPLETED} AND s.history_at >= (a.this_monday - 7 * $3::int)::timestamp AT TIME ZONE 'UTC'
    ), {f.PERFORMED}, trained AS (
        SELECT d.monday, count(*) AS sessions, sum(d.actual_duration_seconds) AS seconds FROM done d GROUP BY d.monday
    ), lifted AS (
        SELECT x.monday, sum(x.sets) AS sets, sum(x.volume_kg) AS volume_kg FROM performed x GROUP BY x.monday
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
    WITH {f.ATHLETE}, done AS MATERIALIZED (
        SELECT t.id, t.exercise_id, t.reps, t.weight, t.weight_unit, t.weight_kg, t.load, t.rpe, {E1RM_EPLEY_SQL} AS e1rm_kg,
            {VOLUME_KG_SQL} AS volume_kg, s.id AS session_id, s.history_at, (s.history_at AT TIME ZONE a.time_zone)::date AS day
        FROM {f.SETS} CROSS JOIN athlete a
        WHERE {f.SETS_DONE} AND t.kind <> 'WARMUP' AND t.reps >= 1
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

# --- The charts: $3 and $4 are the days asked for, included, either or both null ---------------------------------------------

_KG_IN_UNIT = "trim_scale(round({kg} / a.unit_kg, 3))"

_STANDING = " UNION ALL ".join(
    f"""
        SELECT {place} AS place, '{kind}' AS record, b.* FROM trained x CROSS JOIN LATERAL (
            SELECT v.value, {f.SET} FROM ({f.best(kind)}) v
            JOIN {f.SETS} ON t.id = v.id WHERE {f.SETS_DONE} AND v.value > 0 ORDER BY {f.IN_TURN} LIMIT 1) b"""
    for place, kind in enumerate(f.BESTS)
    if kind != "HEAVIEST_WEIGHT"
)

# Every record that stands. `trained` hops from exercise to exercise through an index, each best is the top of another, and
# `hops` goes down the repetitions of each exercise to the heaviest weight lifted so often: a dozen rows of an index for an
# exercise, after one year as after ten. The most at a weight stand where no heavier one was lifted as often.
_AT_REPS = "t.exercise_id = x.exercise_id AND t.reps"
_TOP = re.sub(r"\w+\.(?:\w+ AS )?(\w+)", r"x.\1", f.SET)
_HEAVIEST_FIRST = "ORDER BY t.reps DESC, coalesce(t.weight_kg, 0) DESC"
RECORDS = f"""
    WITH RECURSIVE {f.ATHLETE}, {f.left_out()}, trained (exercise_id) AS (
        (SELECT t.exercise_id FROM user_set_performance t WHERE t.user_id = $1 AND {f.COUNTS} ORDER BY t.exercise_id LIMIT 1)
        UNION ALL
        SELECT n.exercise_id FROM trained x CROSS JOIN LATERAL (
            SELECT t.exercise_id FROM user_set_performance t
            WHERE t.user_id = $1 AND {f.COUNTS} AND t.exercise_id > x.exercise_id ORDER BY t.exercise_id LIMIT 1) n
    ), hops (exercise_id, reps, kg) AS (
        SELECT x.exercise_id, n.reps, n.kg FROM trained x CROSS JOIN LATERAL (
            SELECT t.reps, coalesce(t.weight_kg, 0) AS kg FROM user_set_performance t
            WHERE {f.IN_RECORDS} AND {_AT_REPS} >= 1 {_HEAVIEST_FIRST} LIMIT 1) n
        UNION ALL
        SELECT x.exercise_id, n.reps, n.kg FROM hops x CROSS JOIN LATERAL (
            SELECT t.reps, coalesce(t.weight_kg, 0) AS kg FROM user_set_performance t
            WHERE {f.IN_RECORDS} AND {_AT_REPS} < x.reps AND t.reps >= 1 {_HEAVIEST_FIRST} LIMIT 1) n
    ), tops AS (
        SELECT w.*, t.* FROM (
            SELECT h.kg, h.kg > coalesce(max(h.kg) OVER (PARTITION BY h.exercise_id ORDER BY h.reps DESC
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), -1) AS is_most_reps,
                h.kg > 0 AND h.kg = max(h.kg) OVER (PARTITION BY h.exercise_id) AS is_heaviest,
                h.exercise_id AS trained_id, h.reps AS done
            FROM hops h) w
        CROSS JOIN LATERAL (
            SELECT {f.SET} FROM (
                SELECT t.id FROM user_set_performance t
                WHERE {f.IN_RECORDS} AND t.exercise_id = w.trained_id AND t.reps = w.done AND t.reps >= 1
                {_HEAVIEST_FIRST} FETCH FIRST 1 ROW WITH TIES) v
            JOIN {f.SETS} ON t.id = v.id WHERE {f.SETS_DONE} ORDER BY {f.IN_TURN} LIMIT 1) t
        WHERE w.is_most_reps OR w.is_heaviest
    ), standing AS (
        (SELECT DISTINCT ON (x.exercise_id) 0 AS place, 'HEAVIEST_WEIGHT' AS record, x.kg AS value, {_TOP}
         FROM tops x WHERE x.is_heaviest ORDER BY x.exercise_id, x.history_at, x.session_id, x.set_number, x.set_id)
        UNION ALL
        {_STANDING}
        UNION ALL
        SELECT 4, 'MOST_REPS_AT_WEIGHT', x.reps, {_TOP} FROM tops x WHERE x.is_most_reps
    )
    SELECT a.weight_unit, coalesce((SELECT json_agg(g ORDER BY g.exercise_name, g.exercise_id) FROM (
        SELECT r.exercise_id, e.exercise_name, json_agg(row_to_json(o) ORDER BY r.place, r.weight_kg DESC NULLS LAST) AS records
        FROM standing r
        LEFT JOIN exercise e ON e.id = r.exercise_id
        CROSS JOIN LATERAL (SELECT r.record AS kind,
            CASE WHEN r.place < 2 THEN {_KG_IN_UNIT.format(kg="r.value")} ELSE trim_scale(r.value) END AS value,
            CASE r.record WHEN 'LONGEST' THEN 's' WHEN 'FURTHEST' THEN 'm' WHEN 'MOST_REPS_AT_WEIGHT' THEN 'reps'
                ELSE a.weight_unit::text END AS unit,
            CASE r.record WHEN 'BEST_E1RM' THEN 'Epley 1985' END AS formula,
            (r.history_at AT TIME ZONE a.time_zone)::date AS day, r.session_id, r.set_id, r.reps, r.weight, r.weight_unit, r.load,
            r.rpe, r.duration_seconds, r.distance_m) o
        GROUP BY r.exercise_id, e.exercise_name) g), '[]') AS items
    FROM athlete a
"""

_BEFORE = "(ORDER BY d.history_at, d.session_id, d.set_number, d.set_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"

_CANDIDATE = ", ".join(f"c.{name}" for name in Candidate.__struct_fields__)

# $5 is the exercise. `candidates` are the sets that had more of something than every set before them: each record that was
# ever broken, each that stands and each rep maximum is among them, so that the rule of what a record is stays where sets
# are logged (training/rules.py) and a few dozen rows go through it, not ten years.
EXERCISE = f"""
    WITH {f.asked(EXERCISE_DAYS)}, done AS MATERIALIZED (
        SELECT {f.SET}, x.counts, CASE WHEN x.counts THEN {E1RM_SQL} END AS e1rm_kg, {VOLUME_KG_SQL} AS volume_kg,
            s.day
        FROM asked a
        CROSS JOIN LATERAL (
            SELECT p.id AS performance_id, s.id, s.history_at, (s.history_at AT TIME ZONE a.time_zone)::date AS day
            FROM user_exercise_performance p JOIN user_workout_session s ON s.id = p.user_workout_session_id
            WHERE p.user_id = $1 AND p.exercise_id = $5 AND p.is_active AND {f.COMPLETED} OFFSET 0) s
        CROSS JOIN LATERAL (
            SELECT t.* FROM user_set_performance t
            WHERE t.user_id = $1 AND t.user_exercise_performance_id = s.performance_id AND t.is_active OFFSET 0) t
        CROSS JOIN LATERAL (SELECT t.kind <> 'WARMUP' AND t.load <> 'ASSISTED' AS counts) x
    ), candidates AS (
        SELECT w.* FROM (
            SELECT d.*, max(CASE WHEN d.reps >= 1 THEN d.weight_kg END) OVER turn AS heaviest,
                max(d.e1rm_kg) OVER turn AS best_e1rm,
                max(d.duration_seconds) OVER turn AS longest, max(d.distance_m) OVER turn AS furthest,
                max(d.reps) OVER (PARTITION BY coalesce(d.weight_kg, 0) {_BEFORE[1:]} AS most_reps
            FROM done d WHERE d.counts WINDOW turn AS {_BEFORE}) w
        WHERE w.reps >= 1 AND w.weight_kg > coalesce(w.heaviest, 0) OR w.e1rm_kg > coalesce(w.best_e1rm, 0)
           OR w.duration_seconds > coalesce(w.longest, 0) OR w.distance_m > coalesce(w.furthest, 0)
           OR w.reps > coalesce(w.most_reps, 0)
    ), daily AS (
        SELECT d.day, count(*) FILTER (WHERE d.kind <> 'WARMUP') AS sets, sum(d.reps) FILTER (WHERE d.kind <> 'WARMUP') AS reps,
            coalesce(sum(d.volume_kg), 0) AS volume_kg, nullif(max(d.e1rm_kg), 0) AS e1rm_kg,
            (array_agg(d.set_id ORDER BY d.reps IS NOT DISTINCT FROM 0, coalesce(d.weight_kg, 0) DESC, coalesce(d.reps, 0) DESC,
                coalesce(d.duration_seconds, 0) DESC, coalesce(d.distance_m, 0) DESC,
                d.history_at, d.session_id, d.set_number, d.set_id)
                FILTER (WHERE d.counts AND d.day BETWEEN a.since AND a.until))[1] AS best_set_id
        FROM done d CROSS JOIN asked a GROUP BY d.day
    )
    SELECT a.weight_unit, a.since, a.until, e.id AS exercise_id, e.exercise_name, (
            SELECT json_agg(o ORDER BY c.history_at, c.session_id, c.set_number, c.set_id)
            FROM candidates c CROSS JOIN LATERAL (SELECT {_CANDIDATE}) o) AS candidates, (
            SELECT json_agg(y ORDER BY y.day) FROM (
                SELECT d.day, d.sets, d.reps, {_KG_IN_UNIT.format(kg="d.volume_kg")} AS volume, d.best_set_id,
                    {_KG_IN_UNIT.format(kg="d.e1rm_kg")} AS e1rm
                FROM daily d WHERE d.day BETWEEN a.since AND a.until) y) AS days, (
            SELECT array_agg(d.day ORDER BY d.day) FROM daily d WHERE d.e1rm_kg IS NOT NULL) AS e1rm_days, (
            SELECT array_agg((d.e1rm_kg / a.unit_kg)::float8 ORDER BY d.day) FROM daily d WHERE d.e1rm_kg IS NOT NULL) AS e1rms, (
            SELECT json_agg(x ORDER BY x.started_at DESC, x.session_id DESC) FROM (
                SELECT d.session_id, d.history_at AS started_at, d.day,
                    {_KG_IN_UNIT.format(kg="coalesce(sum(d.volume_kg), 0)")} AS volume,
                    json_agg(json_build_object('set_id', d.set_id, 'set_number', d.set_number, 'kind', d.kind, 'reps', d.reps,
                        'weight', d.weight, 'weight_unit', d.weight_unit, 'load', d.load, 'rpe', d.rpe, 'duration_seconds',
                        d.duration_seconds, 'distance_m', d.distance_m, 'e1rm', {_KG_IN_UNIT.format(kg="nullif(d.e1rm_kg, 0)")})
                        ORDER BY d.set_number, d.set_id) AS sets
                FROM done d WHERE d.day BETWEEN a.since AND a.until GROUP BY d.session_id, d.history_at, d.day) x) AS sessions,
        t.*
    FROM asked a
    LEFT JOIN exercise e ON e.id = $5
    CROSS JOIN (SELECT coalesce(sum(d.sets), 0)::int AS sets, coalesce(sum(d.volume_kg), 0) AS volume_kg, min(d.day) AS first_day,
                    max(d.day) AS last_day FROM daily d) t
"""

# A period ($3 to $4), the one before it of the same length, and how far the best of each exercise rose in either: the bests
# up to then come from the tops of their indexes.
_FIRST = "(a.since - (a.until - a.since + 1))"
_UP_TO_THEN = " UNION ALL ".join("({})".format(f.best(kind, f" AND x.kind = '{kind}'")) for kind in f.BESTS)
_SINCE_THEN = f"""
        UNION ALL
        SELECT p.id FROM asked a CROSS JOIN LATERAL (
            SELECT s.id, (s.history_at AT TIME ZONE a.time_zone)::date AS day FROM user_workout_session s
            WHERE {f.COMPLETED} AND s.history_at >= ({_FIRST} - 1)::timestamp AT TIME ZONE 'UTC' OFFSET 0) d
        CROSS JOIN LATERAL (
            SELECT p.id FROM user_exercise_performance p WHERE p.user_id = $1 AND p.user_workout_session_id = d.id OFFSET 0) p
        WHERE d.day >= {_FIRST}"""
SUMMARY = f"""
    WITH {f.asked(SUMMARY_DAYS)}, {f.done(since=_FIRST)}, {f.PERFORMED}, {f.due(since=_FIRST)}, weeks AS (
        SELECT date_trunc('week', s.history_at AT TIME ZONE a.time_zone)::date AS monday
        FROM user_workout_session s CROSS JOIN athlete a WHERE {f.COMPLETED}
    ), {f.STREAKS.format(done="weeks")}, {f.left_out(_SINCE_THEN)}, reached AS (
        SELECT t.exercise_id, v.kind, max(v.value) FILTER (WHERE d.day >= a.since) AS value,
            max(v.value) FILTER (WHERE d.day < a.since) AS value_before
        FROM asked a CROSS JOIN {f.DONE_PERFORMANCES}
        CROSS JOIN LATERAL (
            SELECT t.* FROM user_set_performance t
            WHERE t.user_id = $1 AND t.user_exercise_performance_id = p.id AND t.is_active OFFSET 0) t
        CROSS JOIN unnest(ARRAY['HEAVIEST_WEIGHT', 'BEST_E1RM', 'LONGEST', 'FURTHEST'], ARRAY[CASE WHEN t.reps >= 1 THEN
            nullif(t.weight_kg, 0) END, nullif({E1RM_SQL}, 0), t.duration_seconds, t.distance_m]) v (kind, value)
        WHERE {f.COUNTS} AND v.value IS NOT NULL
        GROUP BY t.exercise_id, v.kind
    ), raised AS (
        SELECT count(*) FILTER (WHERE x.value > greatest(b.value, x.value_before)) AS records,
            count(*) FILTER (WHERE x.value_before > b.value) AS records_before
        FROM reached x CROSS JOIN asked a LEFT JOIN LATERAL (
            SELECT max(u.value) AS value FROM ({_UP_TO_THEN}) u WHERE u.value > 0) b ON true
    )
    SELECT a.weight_unit, a.today, w.first_day AS since, w.last_day AS until, c.*, l.*, h.*,
        CASE w.back WHEN 0 THEN r.records ELSE r.records_before END AS records, {f.STREAK_COLUMNS}
    FROM asked a
    CROSS JOIN unnest(ARRAY[0, 1], ARRAY[a.since, {_FIRST}], ARRAY[a.until, a.since - 1]) w (back, first_day, last_day)
    CROSS JOIN raised r
    CROSS JOIN LATERAL (
        SELECT count(*) AS sessions, coalesce(sum(d.seconds), 0) AS seconds, coalesce(sum(d.load), 0) AS load,
            count(*) FILTER (WHERE d.load IS NULL) AS sessions_without_load
        FROM done d WHERE d.day BETWEEN w.first_day AND w.last_day) c
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(x.sets), 0)::int AS sets, {_KG_IN_UNIT.format(kg="coalesce(sum(x.volume_kg), 0)")} AS volume
        FROM performed x WHERE x.day BETWEEN w.first_day AND w.last_day) l
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE d.state = 'DONE') AS done, count(*) FILTER (WHERE d.state = 'SKIPPED') AS skipped,
            count(*) FILTER (WHERE d.state = 'MISSED') AS missed
        FROM due d WHERE d.day BETWEEN w.first_day AND w.last_day) h
    ORDER BY w.back
"""

# A secondary muscle's share of a set is one half. Here and in the calendar days are laid one upon the other and summed once,
# not joined: PostgreSQL takes them for one row, and then reads every day's sets again for each other day (eleven years: 260 ms).
VOLUME = f"""
    WITH {f.asked(WEEKS_DAYS, whole_weeks=True)}, {f.done()}, {f.PERFORMED}, by_muscle AS (
        SELECT x.monday, m.muscle, sum(x.sets * m.share) AS sets, sum(coalesce(x.volume_kg, 0) * m.share) AS volume_kg
        FROM performed x
        JOIN exercise e ON e.id = x.exercise_id
        CROSS JOIN LATERAL (SELECT u.muscle, 1.0 AS share FROM unnest(e.primary_muscles) u (muscle)
                            UNION ALL SELECT u.muscle, 0.5 FROM unnest(e.secondary_muscles) u (muscle)) m
        GROUP BY x.monday, m.muscle
    )
    SELECT a.weight_unit, a.since, a.until, (
        SELECT json_agg(y ORDER BY y.monday) FROM (
            SELECT w.monday, sum(w.sessions) AS sessions, sum(w.sets) AS sets,
                {_KG_IN_UNIT.format(kg="coalesce(sum(w.volume_kg), 0)")} AS volume,
                coalesce((array_agg(w.muscles) FILTER (WHERE w.muscles IS NOT NULL))[1], '[]') AS muscles
            FROM (
                SELECT a.since + 7 * n AS monday, 0 AS sessions, 0 AS sets, 0::numeric AS volume_kg, NULL::json AS muscles
                FROM generate_series(0, (a.until - a.since) / 7) n
                UNION ALL SELECT d.monday, 1, 0, 0, NULL FROM done d
                UNION ALL SELECT x.monday, 0, x.sets, x.volume_kg, NULL FROM performed x
                UNION ALL SELECT m.monday, 0, 0, 0, json_agg(json_build_object('muscle', m.muscle, 'sets', trim_scale(m.sets),
                    'volume', {_KG_IN_UNIT.format(kg="m.volume_kg")}) ORDER BY m.sets DESC, m.muscle)
                FROM by_muscle m GROUP BY m.monday) w
            GROUP BY w.monday) y) AS weeks, (
        SELECT json_agg(json_build_object('muscle', m.muscle, 'sets', trim_scale(m.sets), 'volume',
            {_KG_IN_UNIT.format(kg="m.volume_kg")}) ORDER BY m.sets DESC, m.muscle)
        FROM (SELECT y.muscle, sum(y.sets) AS sets, sum(y.volume_kg) AS volume_kg FROM by_muscle y GROUP BY y.muscle) m) AS muscles
    FROM asked a
"""

# The loads of the period and of the years before it that still weigh anything: what a mean stands on must not depend on
# where a chart begins. What lies ahead (a phone whose clock is wrong) waits for its day.
LOADS = f"""
    WITH {f.asked(WEEKS_DAYS, whole_weeks=True)},
    {f.done(since=f"(a.since - {LOAD_MEMORY_DAYS})", until="least(a.until, a.today)")}
    SELECT a.since, a.until, a.today, (
            SELECT (s.history_at AT TIME ZONE a.time_zone)::date FROM user_workout_session s
            WHERE {f.COMPLETED} AND s.effort_rating IS NOT NULL AND s.actual_duration_seconds IS NOT NULL
            ORDER BY s.history_at LIMIT 1) AS first_day,
        array_agg(least(a.until, a.today) - x.day) FILTER (WHERE x.load IS NOT NULL) AS days_ago,
        array_agg(x.load) FILTER (WHERE x.load IS NOT NULL) AS loads,
        coalesce(sum(x.sessions) FILTER (WHERE x.day >= a.since), 0)::int AS sessions,
        coalesce(sum(x.without_load) FILTER (WHERE x.day >= a.since), 0)::int AS without_load
    FROM asked a LEFT JOIN (
        SELECT d.day, sum(d.load) AS load, count(*) AS sessions, count(*) FILTER (WHERE d.load IS NULL) AS without_load
        FROM done d GROUP BY d.day) x ON true
    GROUP BY a.since, a.until, a.today, a.time_zone
"""

_BY_STATE = ", ".join(
    f"count(d.state) FILTER (WHERE d.state = '{state}') AS {state.lower()}"
    for state in ("DONE", "SKIPPED", "MISSED", "DUE", "AHEAD", "PAUSED", "CANCELLED", "IN_PROGRESS")
)
_SHARE = """, (count(*) FILTER (WHERE d.state = 'DONE'))::float8
    / nullif(count(*) FILTER (WHERE d.state IN ('DONE', 'SKIPPED', 'MISSED')), 0) AS adherence"""

# Of what was planned for a day; a session that was never planned can be neither kept nor missed.
ADHERENCE = f"""
    WITH {f.asked(WEEKS_DAYS, whole_weeks=True)}, {f.due()}
    SELECT json_build_object('from', a.since, 'to', a.until, 'total', (SELECT row_to_json(x) FROM (
            SELECT {_BY_STATE}{_SHARE} FROM due d) x), 'weeks', (SELECT json_agg(x ORDER BY x.monday) FROM (
            SELECT w.monday, {_BY_STATE}{_SHARE}
            FROM (SELECT a.since + 7 * n AS monday FROM generate_series(0, (a.until - a.since) / 7) n) w
            LEFT JOIN due d ON d.monday = w.monday GROUP BY w.monday) x), 'programs', coalesce((
        SELECT json_agg(x ORDER BY x.program_name NULLS LAST, x.program_enrollment_id) FROM (
            SELECT d.program_enrollment_id, d.program_id, r.program_name, {_BY_STATE}{_SHARE}
            FROM due d LEFT JOIN program_revision r ON r.program_id = d.program_id AND r.revision = d.program_revision
            GROUP BY d.program_enrollment_id, d.program_id, r.program_name) x), '[]'))
    FROM asked a
"""

# $3 is the year, this one if null.
CALENDAR = f"""
    WITH {f.ATHLETE}, asked AS (
        SELECT a.*, y.year, make_date(y.year, 1, 1) AS since, make_date(y.year, 12, 31) AS until
        FROM athlete a CROSS JOIN LATERAL (SELECT coalesce($3::int, extract(year FROM a.today)::int) AS year) y
    ), {f.done()}, {f.PERFORMED}
    SELECT json_build_object('year', a.year, 'weight_unit', a.weight_unit, 'days', coalesce((
        SELECT json_agg(x ORDER BY x.day) FROM (
            SELECT y.day, sum(y.sessions) AS sessions, sum(y.sets) AS sets,
                {_KG_IN_UNIT.format(kg="coalesce(sum(y.volume_kg), 0)")} AS volume, round(sum(y.seconds) / 60.0) AS minutes
            FROM (
                SELECT d.day, 1 AS sessions, 0 AS sets, 0::numeric AS volume_kg, coalesce(d.seconds, 0) AS seconds FROM done d
                UNION ALL SELECT x.day, 0, x.sets, x.volume_kg, 0 FROM performed x) y
            GROUP BY y.day) x), '[]'))
    FROM asked a
"""
