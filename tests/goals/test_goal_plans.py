"""How goals, forecasts and bodies are read where there is much to read: by an index, whoever and however old."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest

from reptrail.body import queries as body
from reptrail.catalog.builtin import builtin_id
from reptrail.db.embedded import DatabaseUrls
from reptrail.goals import queries as goals
from reptrail.measurements.rules import HEIGHT_ID, WEIGHT_ID

SQUAT = builtin_id("exercise", "squat-barbell")
ATHLETES = ("user_workout_session", "user_exercise_performance", "user_set_performance", "user_measurement", "user_goal")

# Sixty athletes with a year of training and weighing each: tables large enough that reading one whole is not the best plan.
FILL = f"""
SET session_replication_role = replica;
INSERT INTO app_user (id, email, display_name) SELECT md5('a' || a)::uuid, a || '@example.org', 'A' FROM generate_series(1, 60) a;
INSERT INTO workout (id, user_id, created_by) SELECT id, id, id FROM app_user;
INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name, created_by)
SELECT id, id, id, 1, 'W', id FROM app_user;
INSERT INTO exercise_instruction (id, user_id, workout_id, position, exercise_id, created_by)
SELECT id, id, id, 1, '{SQUAT}', id FROM app_user;
INSERT INTO user_workout_session (id, user_id, workout_id, session_status, started_at, completed_at, created_by)
SELECT md5(u.id::text || s)::uuid, u.id, u.id, 'COMPLETED', t.at, t.at, u.id
FROM app_user u, generate_series(1, 120) s, LATERAL (SELECT now() - s * interval '3 days' AS at) t;
INSERT INTO user_exercise_performance (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id, created_by)
SELECT s.id, s.user_id, s.id, s.user_id, '{SQUAT}', s.user_id FROM user_workout_session s;
INSERT INTO user_set_performance (id, user_id, user_exercise_performance_id, exercise_id, set_number, reps, weight, weight_unit,
    created_by)
SELECT gen_random_uuid(), p.user_id, p.id, p.exercise_id, n, 5, 100, 'kg', p.user_id
FROM user_exercise_performance p, generate_series(1, 4) n;
INSERT INTO user_measurement (id, user_id, metric_id, measured_value, unit, measurement_date, created_by)
SELECT gen_random_uuid(), u.id, '{WEIGHT_ID}', 80, 'kg', current_date - d, u.id FROM app_user u, generate_series(0, 364) d;
INSERT INTO user_goal (id, user_id, exercise_id, target_value, target_unit, start_date, target_date, created_by)
SELECT md5(u.id::text || g)::uuid, u.id, '{SQUAT}', 140, 'kg', current_date - 30, current_date + g, u.id
FROM app_user u, generate_series(1, 20) g;
SET session_replication_role = DEFAULT;
ANALYZE;
"""  # noqa: S608 - ids of the catalogue
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "goals.GOALS": ("now()", None, None, "51"),
    "goals.GOAL": ("now()", "md5(md5('a7')::uuid::text || 3)::uuid"),
    "goals.FORECAST of a goal": ("now()", "md5(md5('a7')::uuid::text || 3)::uuid", None, None, None, None, "455"),
    "goals.FORECAST of a metric": ("now()", None, f"'{WEIGHT_ID}'", None, "78", None, "455"),
    "goals.FORECAST of a lift": ("now()", None, None, f"'{SQUAT}'", "140", "'kg'", "455"),
    "goals.CALIBRATION": ("now()", f"'{WEIGHT_ID}'", "8"),
    "body.SERIES": (f"'{WEIGHT_ID}'", "now()", None, None, None, "365"),
    "body.LATEST": (f"ARRAY['{WEIGHT_ID}', '{HEIGHT_ID}']::uuid[]", "now()", None, f"'{HEIGHT_ID}'"),
}


@pytest.fixture(scope="module")
async def server(make_database: Callable[..., DatabaseUrls]) -> AsyncIterator[asyncpg.Connection]:
    """The serving role on a database with much in it, acting for one of the athletes."""
    urls = make_database()
    owner = await asyncpg.connect(urls.owner)
    try:
        await owner.execute(FILL)
        athlete = await owner.fetchval("SELECT md5('a7')::uuid")
    finally:
        await owner.close()
    connection = await asyncpg.connect(urls.server)
    await connection.execute(
        f"SET plan_cache_mode = force_generic_plan; BEGIN; SELECT app.act_as_system('{athlete}', 'SYSTEM', NULL)"
    )
    yield connection
    await connection.close()


@pytest.mark.parametrize("name", ARGUMENTS)
async def test_no_athletes_table_is_read_whole(name: str, server: asyncpg.Connection) -> None:
    module, _, statement = name.partition(" ")[0].partition(".")
    sql = getattr({"goals": goals, "body": body}[module], statement)
    given = ["md5('a7')::uuid", *("NULL" if argument is None else argument for argument in ARGUMENTS[name])]
    await server.execute(f"PREPARE asked AS {sql}")
    rows = await server.fetch(f"EXPLAIN EXECUTE asked ({', '.join(given)})")
    await server.execute("DEALLOCATE asked")
    plan = "\n".join(row[0] for row in rows)
    assert "Index" in plan
    assert [line for line in plan.splitlines() if "Seq Scan" in line and any(f" {table} " in line for table in ATHLETES)] == []
