"""A database to measure progress on: one athlete of ten years, one of one year, and as many others as are asked for.

Athlete 1 has 1,500 sessions, 30,000 sets and 3,650 body weights in ten years; athlete 2 a tenth of that in one; all others
100 sessions and 2,000 sets in one year, so that 10,000 athletes have 20 million sets. Twenty exercises each, five a session,
weights that grow and scatter, a warm-up before every three sets. Of the twenty one is run, one done with the body's weight and
more, one with help: so that the planner's statistics know all there is.
"""

import asyncpg

EXERCISES = 20
PER_SESSION = 5
SETS = 4
BATCH = 250

PEOPLE = """
INSERT INTO app_user (id, email, display_name, time_zone)
SELECT md5('a' || a)::uuid, 'athlete' || a || '@bench.example', 'Athlete ' || a, 'Europe/Berlin'
FROM generate_series({first}, {last}) a;
INSERT INTO change_head (user_id) SELECT md5('a' || a)::uuid FROM generate_series({first}, {last}) a;
INSERT INTO login (id, user_id, expires_at)
SELECT md5('l' || a)::uuid, md5('a' || a)::uuid, now() + interval '60 days' FROM generate_series({first}, {last}) a;
INSERT INTO workout (id, user_id, created_by)
SELECT md5('w' || a)::uuid, md5('a' || a)::uuid, md5('a' || a)::uuid FROM generate_series({first}, {last}) a;
INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name, created_by)
SELECT md5('r' || a)::uuid, md5('a' || a)::uuid, md5('w' || a)::uuid, 1, 'Workout', md5('a' || a)::uuid
FROM generate_series({first}, {last}) a;
INSERT INTO exercise_instruction (id, user_id, workout_id, position, exercise_id, sets, reps_min, reps_max, created_by)
SELECT md5('i' || a || ':' || e.rank + 1)::uuid, md5('a' || a)::uuid, md5('w' || a)::uuid, e.rank + 1, e.id, 4, 5, 8, md5('a' || a)::uuid
FROM generate_series({first}, {last}) a JOIN exercise e ON e.rank < {exercises} AND e.user_id IS NULL;
"""

HISTORY = """
INSERT INTO user_workout_session (id, user_id, workout_id, session_status, scheduled_at, started_at, completed_at,
    actual_duration_seconds, effort_rating, created_by)
SELECT md5('s' || a || ':' || s)::uuid, md5('a' || a)::uuid, md5('w' || a)::uuid, 'COMPLETED', t.at, t.at, t.at + interval '1 hour',
    3600, 5 + s % 5, md5('a' || a)::uuid
FROM generate_series({first}, {last}) a, generate_series(1, {sessions}) s,
    LATERAL (SELECT now() - ({days} * ({sessions} - s)::float8 / {sessions} + 0.1) * interval '1 day' AS at) t;
INSERT INTO user_exercise_performance (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id, sets_completed,
    reps_completed, weight_used_kg, created_by)
SELECT md5('p' || a || ':' || s || ':' || e)::uuid, md5('a' || a)::uuid, md5('s' || a || ':' || s)::uuid, i.id, i.exercise_id,
    {sets} - 1, 18, 40 + i.position * 3 + s * 60 / {sessions}, md5('a' || a)::uuid
FROM generate_series({first}, {last}) a, generate_series(1, {sessions}) s, generate_series(1, {per_session}) e,
    LATERAL (SELECT md5('i' || a || ':' || s % ({exercises} / {per_session}) * {per_session} + e)::uuid AS id) k
JOIN exercise_instruction i ON i.id = k.id;
INSERT INTO user_set_performance (id, user_id, user_exercise_performance_id, exercise_id, set_number, kind, reps, weight, weight_unit,
    load, duration_seconds, distance_m, rpe, created_by)
SELECT gen_random_uuid(), p.user_id, p.id, p.exercise_id, n, (CASE n WHEN 1 THEN 'WARMUP' ELSE 'WORKING' END)::set_kind,
    CASE k.load WHEN 'RUN' THEN NULL ELSE 3 + r.x * 9 END, CASE WHEN k.load NOT IN ('RUN', 'BODYWEIGHT') THEN
        floor((p.weight_used_kg * (1.15 - r.x * 0.3) + n) / 2.5) * 2.5 END,
    (CASE WHEN k.load NOT IN ('RUN', 'BODYWEIGHT') THEN 'kg' END)::weight_unit,
    (CASE k.load WHEN 'RUN' THEN 'BODYWEIGHT' ELSE k.load END)::set_load,
    CASE k.load WHEN 'RUN' THEN 600 + r.x * 3000 END, CASE k.load WHEN 'RUN' THEN 1000 + round(r.x * 100) * 90 END,
    CASE WHEN n > 2 THEN 7 + n * 0.5 END, p.user_id
FROM generate_series({first}, {last}) a JOIN user_exercise_performance p ON p.user_id = md5('a' || a)::uuid
JOIN exercise_instruction i ON i.id = p.exercise_instruction_id
CROSS JOIN generate_series(1, {sets}) n CROSS JOIN LATERAL (SELECT (hashtext(p.id::text || n) & 65535) / 65535.0 AS x) r
CROSS JOIN LATERAL (SELECT CASE i.position WHEN 18 THEN 'RUN' WHEN 19 THEN CASE WHEN n < 3 THEN 'BODYWEIGHT' ELSE 'ADDED' END
    WHEN 20 THEN 'ASSISTED' ELSE 'EXTERNAL' END AS load) k;
INSERT INTO user_measurement (id, user_id, metric_id, measured_value, unit, measurement_date, created_by)
SELECT gen_random_uuid(), md5('a' || a)::uuid, m.id, 80 + sin(d / 50.0) + random(), 'kg', current_date - d, md5('a' || a)::uuid
FROM generate_series({first}, {last}) a, generate_series(0, {days} - 1) d, metric m WHERE m.slug = 'body-weight';
"""


async def grow(owner_url: str, first: int, last: int) -> None:
    """Adds athletes `first` to `last` to a migrated database; the ledger's triggers are off, it is not what is measured."""
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'"
        )
        for start in range(first, last + 1, BATCH):
            end = min(last, start + BATCH - 1)
            async with connection.transaction():
                await connection.execute("SELECT app.act_as_system(NULL, 'SYSTEM', NULL)")
                await connection.execute(PEOPLE.format(first=start, last=end, exercises=EXERCISES))
                for a, b, sessions, days in ((1, 1, 1500, 3650), (2, 2, 150, 365), (3, end, 100, 365)):
                    lowest = max(a, start)
                    if lowest <= b and b >= start:
                        await connection.execute(
                            HISTORY.format(
                                first=lowest,
                                last=min(b, end),
                                sessions=sessions,
                                days=days,
                                exercises=EXERCISES,
                                per_session=PER_SESSION,
                                sets=SETS,
                            )
                        )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
