"""A database to measure progress on: one athlete of ten years, one of one year, and as many others as are asked for.

Athlete 1 has 1,500 sessions, 30,000 sets and 3,650 body weights in ten years; athlete 2 a tenth of that in one; all others
100 sessions and 2,000 sets in one year, so that 10,000 athletes have 20 million sets. Twenty exercises each, five a session,
weights that grow and scatter, a warm-up before every three sets. Of the twenty one is run, one done with the body's weight and
more, one with help: so that the planner's statistics know all there is. Everybody follows a program and skips a session in
eleven, measures what a body's composition is estimated from once a week, and has two goals.
"""

import asyncpg

EXERCISES = 20
PER_SESSION = 5
SETS = 4
BATCH = 250

# Everybody's years, sessions and days, as a table for the statements that follow.
PEOPLE = """
CREATE TEMPORARY TABLE people ON COMMIT DROP AS
SELECT a, md5('a' || a)::uuid AS id, x.years, x.years * 365 AS days, CASE WHEN a <= 2 THEN 150 ELSE 100 END * x.years AS sessions
FROM generate_series({first}, {last}) a CROSS JOIN LATERAL (SELECT CASE a WHEN 1 THEN 10 ELSE 1 END AS years) x;
ANALYZE people;
INSERT INTO app_user (id, email, display_name, time_zone)
SELECT o.id, 'athlete' || o.a || '@bench.example', 'Athlete ' || o.a, 'Europe/Berlin' FROM people o;
INSERT INTO change_head (user_id) SELECT o.id FROM people o;
INSERT INTO login (id, user_id, expires_at) SELECT md5('l' || o.a)::uuid, o.id, now() + interval '60 days' FROM people o;
INSERT INTO workout (id, user_id, created_by) SELECT md5('w' || o.a)::uuid, o.id, o.id FROM people o;
INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name, created_by)
SELECT md5('r' || o.a)::uuid, o.id, md5('w' || o.a)::uuid, 1, 'Workout', o.id FROM people o;
INSERT INTO exercise_instruction (id, user_id, workout_id, position, exercise_id, sets, reps_min, reps_max, created_by)
SELECT md5('i' || o.a || ':' || e.rank + 1)::uuid, o.id, md5('w' || o.a)::uuid, e.rank + 1, e.id, 4, 5, 8, o.id
FROM people o JOIN exercise e ON e.rank < {exercises} AND e.user_id IS NULL;
INSERT INTO user_program_enrollment (id, user_id, program_id, enrollment_status, start_date, created_by)
SELECT md5('n' || o.a || ':' || y)::uuid, o.id, p.id, (CASE y WHEN o.years THEN 'ACTIVE' ELSE 'COMPLETED' END)::enrollment_status,
    current_date - 365 * (o.years - y + 1), o.id
FROM people o CROSS JOIN generate_series(1, o.years) y
JOIN (SELECT p.id, row_number() OVER (ORDER BY p.id) AS n FROM program p WHERE p.user_id IS NULL AND p.is_public) p ON p.n = y;
INSERT INTO user_goal (id, user_id, metric_id, exercise_id, target_value, target_unit, start_date, target_date, created_by)
SELECT md5('g' || o.a || ':' || g.n)::uuid, o.id, g.metric_id, g.exercise_id, g.target, 'kg', current_date - 90,
    current_date + 60, o.id
FROM people o CROSS JOIN (
    SELECT 1 AS n, NULL::uuid AS metric_id, e.id AS exercise_id, 150 AS target FROM exercise e
    WHERE e.rank = 0 AND e.user_id IS NULL
    UNION ALL SELECT 2, m.id, NULL, 75 FROM metric m WHERE m.slug = 'body-weight' AND m.user_id IS NULL) g;
"""

# In the order in which it was done, everybody's sessions between the others', as a database has them that was not made.
HISTORY = """
INSERT INTO user_workout_session (id, user_id, workout_id, program_enrollment_id, session_status, scheduled_at, started_at,
    completed_at, actual_duration_seconds, effort_rating, created_by)
SELECT md5('s' || o.a || ':' || s)::uuid, o.id, md5('w' || o.a)::uuid,
    md5('n' || o.a || ':' || 1 + (s - 1) * o.years / o.sessions)::uuid, 'COMPLETED', t.at, t.at, t.at + interval '1 hour', 3600,
    5 + s % 5, o.id
FROM people o, generate_series(1, o.sessions) s,
    LATERAL (SELECT now() - (o.days * (o.sessions - s)::float8 / o.sessions + 0.1) * interval '1 day' AS at) t
ORDER BY t.at;
INSERT INTO user_workout_session (id, user_id, workout_id, program_enrollment_id, session_status, scheduled_at, created_by)
SELECT md5('k' || o.a || ':' || s)::uuid, o.id, md5('w' || o.a)::uuid,
    md5('n' || o.a || ':' || 1 + (s - 1) * o.years / o.sessions)::uuid, 'SKIPPED',
    now() - (o.days * (o.sessions - s)::float8 / o.sessions + 1.1) * interval '1 day', o.id
FROM people o, generate_series(10, o.sessions, 10) s;
INSERT INTO user_exercise_performance (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id, sets_completed,
    reps_completed, weight_used_kg, created_by)
SELECT md5('p' || o.a || ':' || s || ':' || e)::uuid, o.id, md5('s' || o.a || ':' || s)::uuid, i.id, i.exercise_id,
    {sets} - 1, 18, 40 + i.position * 3 + s * 60 / o.sessions, o.id
FROM people o, generate_series(1, o.sessions) s, generate_series(1, {per_session}) e,
    LATERAL (SELECT md5('i' || o.a || ':' || s % ({exercises} / {per_session}) * {per_session} + e)::uuid AS id) k
JOIN exercise_instruction i ON i.id = k.id
ORDER BY o.days * (o.sessions - s)::float8 / o.sessions DESC, o.a, e;
INSERT INTO user_set_performance (id, user_id, user_exercise_performance_id, exercise_id, set_number, kind, reps, weight, weight_unit,
    load, duration_seconds, distance_m, rpe, created_by)
SELECT uuidv7(), p.user_id, p.id, p.exercise_id, n, (CASE n WHEN 1 THEN 'WARMUP' ELSE 'WORKING' END)::set_kind,
    CASE k.load WHEN 'RUN' THEN NULL ELSE 3 + r.x * 9 END, CASE WHEN k.load NOT IN ('RUN', 'BODYWEIGHT') THEN
        floor((p.weight_used_kg * (1.15 - r.x * 0.3) + n) / 2.5) * 2.5 END,
    (CASE WHEN k.load NOT IN ('RUN', 'BODYWEIGHT') THEN 'kg' END)::weight_unit,
    (CASE k.load WHEN 'RUN' THEN 'BODYWEIGHT' ELSE k.load END)::set_load,
    CASE k.load WHEN 'RUN' THEN 600 + r.x * 3000 END, CASE k.load WHEN 'RUN' THEN 1000 + round(r.x * 100) * 90 END,
    CASE WHEN n > 2 THEN 7 + n * 0.5 END, p.user_id
FROM people o CROSS JOIN generate_series(1, o.sessions) s CROSS JOIN generate_series(1, {per_session}) e
JOIN user_exercise_performance p ON p.id = md5('p' || o.a || ':' || s || ':' || e)::uuid
JOIN exercise_instruction i ON i.id = p.exercise_instruction_id
CROSS JOIN generate_series(1, {sets}) n CROSS JOIN LATERAL (SELECT (hashtext(p.id::text || n) & 65535) / 65535.0 AS x) r
CROSS JOIN LATERAL (SELECT CASE i.position WHEN 18 THEN 'RUN' WHEN 19 THEN CASE WHEN n < 3 THEN 'BODYWEIGHT' ELSE 'ADDED' END
    WHEN 20 THEN 'ASSISTED' ELSE 'EXTERNAL' END AS load) k
ORDER BY o.days * (o.sessions - s)::float8 / o.sessions DESC, o.a, e, n;
INSERT INTO user_measurement (id, user_id, metric_id, measured_value, unit, measurement_date, created_by)
SELECT uuidv7(), o.id, m.id, x.value + x.sway * (sin(d / 50.0) + random()), x.unit, current_date - d, o.id
FROM people o CROSS JOIN (VALUES ('body-weight', 1, 80, 1, 'kg'), ('height', 3650, 180, 0, 'cm'), ('neck', 7, 39, 0.3, 'cm'),
    ('waist', 7, 85, 1, 'cm'), ('abdomen', 7, 87, 1, 'cm'), ('hip', 7, 98, 1, 'cm')) x (slug, every, value, sway, unit)
JOIN metric m ON m.slug = x.slug AND m.user_id IS NULL
CROSS JOIN LATERAL generate_series(0, o.days - 1, x.every) d
ORDER BY d DESC, o.a;
"""

# Indexes that no constraint stands on are made when all rows are there: five times as fast, and the tables are the same.
INDEXES = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i
WHERE i.indrelid = ANY ('{user_workout_session,user_exercise_performance,user_set_performance,user_measurement}'::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


async def grow(owner_url: str, last: int) -> None:
    """Adds athletes 1 to `last` to a migrated database; the ledger's triggers are off, it is not what is measured."""
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; "
            "SET work_mem = '512MB'; SET jit = off"
        )
        await connection.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
        await connection.execute("SELECT pg_reload_conf()")
        indexes = await connection.fetch(INDEXES)
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['name']}")
        for start in range(1, last + 1, BATCH):
            async with connection.transaction():
                await connection.execute("SELECT app.act_as_system(NULL, 'SYSTEM', NULL)")
                await connection.execute(PEOPLE.format(first=start, last=min(last, start + BATCH - 1), exercises=EXERCISES))
                await connection.execute(HISTORY.format(exercises=EXERCISES, per_session=PER_SESSION, sets=SETS))
        for index in indexes:
            await connection.execute(index["definition"])
        await connection.execute("ALTER SYSTEM RESET max_wal_size")
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()
