"""A database to measure on: athletes with a year or so of training, made by PostgreSQL itself in seconds.

Ids are md5 of small numbers, so that a load generator and pgbench can both name any row without asking. Triggers are off
while it is made: the ledger of made-up history would only cost time; every write that is measured pays for it.
"""

import asyncpg

SESSIONS_PER_ATHLETE = 120
EXERCISES_PER_SESSION = 5
SETS_PER_PERFORMANCE = 4
WORKOUTS_PER_ATHLETE = 3

MAKE = """
SET session_replication_role = replica;
SELECT app.act_as_system(NULL, 'SYSTEM', NULL);

INSERT INTO app_user (id, email, display_name, time_zone)
SELECT md5('a' || a)::uuid, 'athlete' || a || '@bench.example', 'Athlete ' || a, 'Europe/Berlin' FROM generate_series(1, {athletes}) a;
INSERT INTO change_head (user_id) SELECT md5('a' || a)::uuid FROM generate_series(1, {athletes}) a;
INSERT INTO login (id, user_id, expires_at)
SELECT md5('l' || a)::uuid, md5('a' || a)::uuid, now() + interval '60 days' FROM generate_series(1, {athletes}) a;

INSERT INTO workout (id, user_id, created_by)
SELECT md5('w' || a || ':' || w)::uuid, md5('a' || a)::uuid, md5('a' || a)::uuid
FROM generate_series(1, {athletes}) a, generate_series(1, {workouts}) w;
INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name, created_by)
SELECT md5('r' || a || ':' || w)::uuid, md5('a' || a)::uuid, md5('w' || a || ':' || w)::uuid, 1, 'Workout ' || w, md5('a' || a)::uuid
FROM generate_series(1, {athletes}) a, generate_series(1, {workouts}) w;
INSERT INTO exercise_instruction (id, user_id, workout_id, position, exercise_id, sets, reps_min, reps_max, created_by)
SELECT md5('i' || a || ':' || w || ':' || e)::uuid, md5('a' || a)::uuid, md5('w' || a || ':' || w)::uuid, e,
    (SELECT id FROM exercise WHERE rank = (w - 1) * {exercises} + e), 4, 5, 8, md5('a' || a)::uuid
FROM generate_series(1, {athletes}) a, generate_series(1, {workouts}) w, generate_series(1, {exercises}) e;

INSERT INTO user_workout_session (id, user_id, workout_id, session_status, started_at, completed_at, actual_duration_seconds,
    effort_rating, created_by)
SELECT md5('s' || a || ':' || s)::uuid, md5('a' || a)::uuid, md5('w' || a || ':' || s % {workouts} + 1)::uuid, 'COMPLETED',
    now() - interval '3 days' * ({sessions} - s), now() - interval '3 days' * ({sessions} - s) + interval '1 hour', 3600,
    6 + s % 4, md5('a' || a)::uuid
FROM generate_series(1, {athletes}) a, generate_series(1, {sessions}) s;
INSERT INTO user_exercise_performance (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id, sets_completed,
    reps_completed, weight_used_kg, created_by)
SELECT md5('p' || a || ':' || s || ':' || e)::uuid, md5('a' || a)::uuid, md5('s' || a || ':' || s)::uuid, i.id, i.exercise_id,
    {sets}, {sets} * 6, 60 + s / 4, md5('a' || a)::uuid
FROM generate_series(1, {athletes}) a, generate_series(1, {sessions}) s, generate_series(1, {exercises}) e
JOIN exercise_instruction i ON true
WHERE i.id = md5('i' || a || ':' || s % {workouts} + 1 || ':' || e)::uuid;
INSERT INTO user_set_performance (id, user_id, user_exercise_performance_id, exercise_id, set_number, reps, weight, weight_unit, rpe,
    created_by)
SELECT gen_random_uuid(), p.user_id, p.id, p.exercise_id, n, 6, 40 + 2.5 * (n + p.weight_used_kg::int % 20), 'kg', 8, p.user_id
FROM user_exercise_performance p, generate_series(1, {sets}) n;
SET session_replication_role = origin;
"""


async def make(owner_url: str, athletes: int) -> None:
    """Fills a migrated database."""
    connection = await asyncpg.connect(owner_url)
    try:
        script = MAKE.format(
            athletes=athletes, sessions=SESSIONS_PER_ATHLETE, exercises=EXERCISES_PER_SESSION, sets=SETS_PER_PERFORMANCE,
            workouts=WORKOUTS_PER_ATHLETE,
        )  # fmt: skip
        async with connection.transaction():
            await connection.execute(script)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
