"""Every SQL statement on the calendar and its feeds. $1 is always the athlete."""

# The days asked for, where the athlete is: $2 first, $3 last (the month, where one is null), $4 now. `starts` and `ends`
# are when the first day begins and the last one is over.
_DAYS = """
    SELECT d.*, d.first_day::timestamp AT TIME ZONE d.time_zone AS starts,
        (d.last_day + 1)::timestamp AT TIME ZONE d.time_zone AS ends
    FROM (
        SELECT f.*, coalesce($3, (date_trunc('month', f.first_day::timestamp) + interval '1 month - 1 day')::date) AS last_day
        FROM (
            SELECT t.*, coalesce($2, date_trunc('month', coalesce($3, t.today)::timestamp)::date) AS first_day
            FROM (
                SELECT u.time_zone, ($4::timestamptz AT TIME ZONE u.time_zone)::date AS today
                FROM app_user u WHERE u.id = $1) t) f) d
"""

# What was done stands on the day it began, what is planned on the day it is planned for; both come from an index.
CALENDAR = f"""
    WITH r AS MATERIALIZED ({_DAYS}),
    s AS (
        SELECT p.id, p.scheduled_at AS placed_at FROM user_workout_session p
        WHERE p.user_id = $1 AND p.is_active AND p.session_status = 'PLANNED'
          AND p.scheduled_at >= (SELECT starts FROM r) AND p.scheduled_at < (SELECT ends FROM r)
        UNION ALL
        SELECT h.id, h.history_at FROM user_workout_session h
        WHERE h.user_id = $1 AND h.is_active AND h.session_status <> 'PLANNED'
          AND h.history_at >= (SELECT starts FROM r) AND h.history_at < (SELECT ends FROM r)
    ),
    c AS (
        SELECT (s.placed_at AT TIME ZONE r.time_zone)::date AS day, s.placed_at, w.id, v.workout_name, w.session_status,
            app.due_state(w.session_status, (w.scheduled_at AT TIME ZONE r.time_zone)::date, e.paused_on, r.today) AS due_state,
            w.scheduled_at, w.started_at, w.completed_at, w.program_enrollment_id, w.program_day, g.program_name
        FROM s CROSS JOIN r
        JOIN user_workout_session w ON w.user_id = $1 AND w.id = s.id
        LEFT JOIN workout_revision v ON v.workout_id = w.workout_id AND v.revision = w.workout_revision
        LEFT JOIN user_program_enrollment e ON e.user_id = $1 AND e.id = w.program_enrollment_id
        LEFT JOIN program_revision g ON g.program_id = e.program_id AND g.revision = e.program_revision
    )
    SELECT json_build_object('from', r.first_day, 'to', r.last_day, 'today', r.today, 'time_zone', r.time_zone,
        'counts', (SELECT coalesce(json_object_agg(n.due_state, n.sessions), '{{}}')
                   FROM (SELECT c.due_state, count(*) AS sessions FROM c GROUP BY c.due_state ORDER BY c.due_state) n),
        'days', (SELECT coalesce(json_agg(json_build_object('day', d.day, 'sessions', d.sessions) ORDER BY d.day), '[]')
                 FROM (SELECT c.day, json_agg(json_build_object('id', c.id, 'workout_name', c.workout_name,
                           'session_status', c.session_status, 'due_state', c.due_state, 'scheduled_at', c.scheduled_at,
                           'started_at', c.started_at, 'completed_at', c.completed_at,
                           'program_enrollment_id', c.program_enrollment_id, 'program_name', c.program_name,
                           'program_day', c.program_day) ORDER BY c.placed_at, c.id) AS sessions
                       FROM c GROUP BY c.day) d))
    FROM r
"""

_FEED_COLUMNS = "f.id, f.feed_name, f.created_at, f.updated_at, f.version"
# Newest first; $2 and $3 are the last row's key, $4 the limit.
FEEDS = f"""
    SELECT d.created_at, d.id, row_to_json(d)::text AS document FROM (
        SELECT {_FEED_COLUMNS} FROM calendar_feed f
        WHERE f.user_id = $1 AND f.is_active AND ($2::timestamptz IS NULL OR (f.created_at, f.id) < ($2, $3::uuid))
        ORDER BY f.created_at DESC, f.id DESC LIMIT $4) d
"""
FEED = f"""
    SELECT row_to_json(d)::text AS document FROM (
        SELECT {_FEED_COLUMNS} FROM calendar_feed f WHERE f.user_id = $1 AND f.id = $2 AND f.is_active) d
"""
INSERT_FEED = "INSERT INTO calendar_feed (id, user_id, feed_name, secret_hash) VALUES ($2, $1, $3, $4)"
REVOKE_FEED = "UPDATE calendar_feed SET is_active = false WHERE user_id = $1 AND id = $2 AND is_active"

# What a feed shows at $2: done since $3, under way, and planned from the athlete's today on up to $4; $5 of them at most.
# A paused enrollment's sessions have no day until it goes on, so they are left out.
FEED_EVENTS = """
    SELECT s.id, coalesce(v.workout_name, 'Workout') AS workout_name, s.session_status = 'COMPLETED' AS is_done, s.starts_at,
        CASE WHEN s.session_status = 'COMPLETED'
             THEN coalesce(s.completed_at, s.starts_at + make_interval(secs => s.actual_duration_seconds)) END AS ends_at,
        g.program_name, s.program_day, s.created_at, s.updated_at, s.version,
        (SELECT coalesce(json_agg(x ORDER BY x.own, x.position), '[]') FROM (
            SELECT i.workout_id IS NOT DISTINCT FROM s.own_workout_id AS own, i.position, m.exercise_name,
                coalesce(i.sets, jsonb_array_length(i.set_targets)) AS sets, i.reps_min, i.reps_max,
                i.duration_seconds, i.distance_m
            FROM exercise_instruction i JOIN exercise m ON m.id = i.exercise_id
            WHERE i.is_active
              AND (i.workout_id = s.workout_id AND i.revision = s.workout_revision OR i.workout_id = s.own_workout_id)
            ) x) AS exercises
    FROM (
        SELECT p.*, p.scheduled_at AS starts_at, e.program_id, e.program_revision
        FROM user_workout_session p
        JOIN app_user u ON u.id = p.user_id
        LEFT JOIN user_program_enrollment e ON e.user_id = $1 AND e.id = p.program_enrollment_id
        WHERE p.user_id = $1 AND p.is_active AND p.session_status = 'PLANNED'
          AND p.scheduled_at >= $2::timestamptz - interval '2 days' AND p.scheduled_at < $4
          AND app.due_state(p.session_status, (p.scheduled_at AT TIME ZONE u.time_zone)::date, e.paused_on,
              ($2::timestamptz AT TIME ZONE u.time_zone)::date) IN ('DUE', 'AHEAD')
        UNION ALL
        SELECT h.*, h.history_at, e.program_id, e.program_revision
        FROM user_workout_session h
        LEFT JOIN user_program_enrollment e ON e.user_id = $1 AND e.id = h.program_enrollment_id
        WHERE h.user_id = $1 AND h.is_active AND h.session_status IN ('COMPLETED', 'IN_PROGRESS') AND h.history_at >= $3
        ORDER BY starts_at, id LIMIT $5) s
    LEFT JOIN workout_revision v ON v.workout_id = s.workout_id AND v.revision = s.workout_revision
    LEFT JOIN program_revision g ON g.program_id = s.program_id AND g.revision = s.program_revision
    ORDER BY s.starts_at, s.id
"""
