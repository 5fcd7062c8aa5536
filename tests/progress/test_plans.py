"""No plan of progress reads a table of athletes' data from end to end, whoever's they are."""

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from reptrail.body import queries as body
from reptrail.db.embedded import DatabaseUrls
from reptrail.goals import queries as goals
from reptrail.progress import queries as progress

ATHLETES, SESSIONS, WEIGHTS = 40, 60, 120
# Enough athletes, sessions and sets that reading all of a table is never the cheaper way to one athlete's rows.
FILL = """
SET session_replication_role = replica;
SELECT app.act_as_system(NULL, 'SYSTEM', NULL);
INSERT INTO app_user (id, email, display_name, time_zone)
SELECT md5('a' || a)::uuid, a || '@example.org', 'A', 'UTC' FROM generate_series(1, {athletes}) a;
INSERT INTO workout (id, user_id, created_by) SELECT u.id, u.id, u.id FROM app_user u;
INSERT INTO workout_revision (id, user_id, workout_id, revision, workout_name, created_by)
SELECT u.id, u.id, u.id, 1, 'W', u.id FROM app_user u;
INSERT INTO exercise_instruction (id, user_id, workout_id, position, exercise_id, created_by)
SELECT md5(u.id || ':' || e.id)::uuid, u.id, u.id, e.rank + 1, e.id, u.id FROM app_user u, exercise e WHERE e.rank < 4;
INSERT INTO user_workout_session (id, user_id, workout_id, session_status, scheduled_at, started_at, completed_at, created_by)
SELECT md5(u.id || ':' || s)::uuid, u.id, u.id, 'COMPLETED', t.at, t.at, t.at, u.id
FROM app_user u, generate_series(1, {sessions}) s, LATERAL (SELECT now() - s * interval '3 days' AS at) t;
INSERT INTO user_exercise_performance (id, user_id, user_workout_session_id, exercise_instruction_id, exercise_id, created_by)
SELECT md5(s.id || ':' || i.id)::uuid, s.user_id, s.id, i.id, i.exercise_id, s.user_id
FROM user_workout_session s JOIN exercise_instruction i ON i.user_id = s.user_id;
INSERT INTO user_set_performance (id, user_id, user_exercise_performance_id, exercise_id, set_number, kind, reps, weight,
    weight_unit, load, created_by)
SELECT gen_random_uuid(), p.user_id, p.id, p.exercise_id, n, (CASE n WHEN 1 THEN 'WARMUP' ELSE 'WORKING' END)::set_kind, 3 + n,
    50 + hashtext(p.id::text) % 20 * 2.5, 'kg', (ARRAY['EXTERNAL', 'ADDED', 'BODYWEIGHT', 'ASSISTED'])[n]::set_load, p.user_id
FROM user_exercise_performance p, generate_series(1, 4) n;
INSERT INTO user_measurement (id, user_id, metric_id, measured_value, unit, measurement_date, created_by)
SELECT gen_random_uuid(), u.id, m.id, 80, m.canonical_unit, current_date - d, u.id
FROM app_user u, metric m, generate_series(1, {weights}) d WHERE m.slug IN ('body-weight', 'waist', 'height');
INSERT INTO user_goal (id, user_id, metric_id, target_value, target_unit, start_date, target_date, created_by)
SELECT gen_random_uuid(), u.id, m.id, 70, 'kg', current_date, current_date + n, u.id
FROM app_user u, metric m, generate_series(1, 30) n WHERE m.slug = 'body-weight';
INSERT INTO user_program_enrollment (id, user_id, program_id, created_by)
SELECT gen_random_uuid(), u.id, p.id, u.id FROM app_user u, program p;
SET session_replication_role = origin;
"""
STATEMENTS = [
    pytest.param(text, id=f"{module.__name__.split('.')[1]}.{name}")
    for module in (progress, body, goals)
    for name, text in sorted(vars(module).items())
    if name.isupper() and not name.startswith("_") and isinstance(text, str) and re.match(r"\s*(WITH|SELECT)\b", text)
]


@pytest.fixture(scope="module")
async def filled(make_database: Callable[..., DatabaseUrls]) -> DatabaseUrls:
    urls = make_database()
    connection = await asyncpg.connect(urls.owner)
    async with connection.transaction():
        await connection.execute(FILL.format(athletes=ATHLETES, sessions=SESSIONS, weights=WEIGHTS))
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return urls


@pytest.fixture
async def server(filled: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the server has them: its role, and one plan of a statement for every athlete."""
    connection = await asyncpg.connect(filled.server, server_settings={"plan_cache_mode": "force_generic_plan", "jit": "off"})
    yield connection
    await connection.close()


def whole_tables(plan: dict[str, Any]) -> list[str]:
    """The tables that a plan reads from end to end; and where it lays an athlete's rows over others, all of an athlete's."""
    found = {"Seq Scan": [plan.get("Relation Name", "")], "BitmapAnd": ["all of an athlete's"]}.get(plan["Node Type"], [])
    return found + [table for part in plan.get("Plans", ()) for table in whole_tables(part)]


async def planned(server: asyncpg.Connection, statement: str, *, seqscan: str = "on") -> list[str]:
    highest = max((int(n) for n in re.findall(r"\$(\d+)", statement)), default=0)
    athlete = "md5('a7')::uuid"
    async with server.transaction():
        await server.execute(f"SELECT app.act_as_system({athlete}, 'SYSTEM', NULL)")
        await server.execute(f"PREPARE asked AS {statement}")
        await server.execute(f"SET LOCAL enable_seqscan = {seqscan}")
        values = ", ".join(([athlete] + ["NULL"] * highest)[:highest])
        (plan,) = json.loads(await server.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked{f' ({values})' * bool(values)}"))
        await server.execute("DEALLOCATE asked")
    return whole_tables(plan["Plan"])


# Not athletes' rows, and a few hundred of them: the shared catalogue.
CATALOGUE = {"exercise", "metric", "program", "program_revision", "workout", "workout_revision"}


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_no_table_of_athletes_is_read_whole(server: asyncpg.Connection, statement: str) -> None:
    # Forty users are one page, read whole at once; the second plan says whether there would be another way.
    assert set(await planned(server, statement)) <= CATALOGUE | {"app_user"}
    assert "app_user" not in await planned(server, statement, seqscan="off")


async def test_a_table_read_whole_is_seen(filled: DatabaseUrls) -> None:
    connection = await asyncpg.connect(filled.owner)
    (plan,) = json.loads(await connection.fetchval("EXPLAIN (FORMAT JSON) SELECT sum(reps) FROM user_set_performance"))
    await connection.close()
    assert "user_set_performance" in whole_tables(plan["Plan"])


async def test_from_a_session_to_its_performances_by_their_own_index(server: asyncpg.Connection) -> None:
    """At 10,000 athletes the index of sessions alone was laid over all performances of the athlete, for each session anew."""
    for statement in (progress.CALENDAR, progress.VOLUME, progress.SUMMARY, goals.FORECAST):
        highest = max(int(n) for n in re.findall(r"\$(\d+)", statement))
        async with server.transaction():
            await server.execute("SELECT app.act_as_system(md5('a7')::uuid, 'SYSTEM', NULL)")
            await server.execute(f"PREPARE asked AS {statement}")
            values = ", ".join(["md5('a7')::uuid", *["NULL"] * (highest - 1)])
            plan = "\n".join(row[0] for row in await server.fetch(f"EXPLAIN EXECUTE asked ({values})"))
            await server.execute("DEALLOCATE asked")
        assert "performance_session_idx on user_exercise_performance" in plan, plan


async def test_the_bests_come_from_the_tops_of_their_indexes(server: asyncpg.Connection) -> None:
    """The index of e1RM holds the very expression of formulas.py: else none would be used."""
    async with server.transaction():
        await server.execute("SELECT app.act_as_system(md5('a7')::uuid, 'SYSTEM', NULL)")
        await server.execute(f"PREPARE asked AS {progress.RECORDS}")
        plan = "\n".join(row[0] for row in await server.fetch("EXPLAIN EXECUTE asked (md5('a7')::uuid, now())"))
        await server.execute("DEALLOCATE asked")
    assert {"set_e1rm_idx", "set_reps_idx", "set_duration_idx", "set_distance_idx"} <= set(re.findall(r"set_\w+_idx", plan)), plan


async def test_the_figures_are_of_filled_tables(filled: DatabaseUrls) -> None:
    connection = await asyncpg.connect(filled.owner)
    sets = await connection.fetchval("SELECT count(*) FROM user_set_performance WHERE user_id = $1", UUID(int=0))
    everyone = await connection.fetchval("SELECT count(*) FROM user_set_performance")
    await connection.close()
    assert (sets, everyone) == (0, ATHLETES * SESSIONS * 16)
