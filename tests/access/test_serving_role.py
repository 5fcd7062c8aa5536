"""What PostgreSQL itself refuses the serving role, whatever the server's own code asked for: its own connection, plain SQL."""
# ruff: noqa: S608 - table names are PostgreSQL's own

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from good_requests import GOOD, name_of
from helpers import Person, register
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.routes import ROUTES

# Rows that are everybody's to read: built in, or of no one.
EVERYBODYS = {
    "alembic_version": "true",
    "exercise": "user_id IS NULL",
    "metric": "user_id IS NULL",
    "workout": "is_public",
    "workout_revision": "is_public",
    "exercise_instruction": "is_public",
    "program": "is_public",
    "program_revision": "is_public",
    "program_day": "is_public",
    "program_day_workout": "is_public",
}
# Tables that no athlete has a row in by way of the API alone, filled here by SQL.
FILLED_BY_SQL = {
    "user_program_enrollment": """INSERT INTO user_program_enrollment (id, user_id, program_id)
        SELECT gen_random_uuid(), $1, p.id FROM program p WHERE p.user_id = $1 ON CONFLICT DO NOTHING""",
    "user_program_cycle": """INSERT INTO user_program_cycle (id, user_id, program_enrollment_id, cycle, program_revision,
            cycle_status, start_date, last_day)
        SELECT gen_random_uuid(), $1, e.id, 1, 1, 'COMPLETED', '2026-01-01', 1 FROM user_program_enrollment e
        WHERE e.user_id = $1 LIMIT 1""",
    "user_prescription": """INSERT INTO user_prescription (id, user_id, user_workout_session_id, exercise_instruction_id,
            exercise_id, sets, rule, inputs, reason)
        SELECT gen_random_uuid(), $1, p.user_workout_session_id, p.exercise_instruction_id, p.exercise_id, '[]', 'fixed', '{}', 'x'
        FROM user_exercise_performance p WHERE p.user_id = $1 LIMIT 1""",
    "user_training_max": """INSERT INTO user_training_max (id, user_id, exercise_id, weight, weight_unit, reason)
        SELECT gen_random_uuid(), $1, e.id, 100, 'kg', 'x' FROM exercise e WHERE e.user_id IS NULL LIMIT 1""",
    "user_equipment": """INSERT INTO user_equipment (id, user_id, weight_unit, bar_weight, plates, dumbbells, machine_step)
        VALUES ($1, $1, 'kg', 20, '{20}', '{}', 5) ON CONFLICT DO NOTHING""",
    "coach_invitation": """INSERT INTO coach_invitation (id, user_id, secret_hash, scopes, expires_at)
        VALUES (gen_random_uuid(), $1, gen_random_uuid(), '{training:read}', now())""",
    "session_comment": """INSERT INTO session_comment (id, user_id, user_workout_session_id, comment_text)
        SELECT gen_random_uuid(), $1, s.id, 'x' FROM user_workout_session s WHERE s.user_id = $1 LIMIT 1""",
    "calendar_feed": """INSERT INTO calendar_feed (id, user_id, feed_name, secret_hash)
        VALUES (gen_random_uuid(), $1, 'phone', gen_random_uuid())""",
    "exercise_mapping": """INSERT INTO exercise_mapping (id, user_id, match_key, exercise_id)
        SELECT gen_random_uuid(), $1, 'squat', e.id FROM exercise e WHERE e.user_id IS NULL LIMIT 1""",
    "coach_grant": """INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version)
        VALUES (gen_random_uuid(), $1, $2, '{training:read}', 'test')""",
}
# Tables that are nobody's in particular: no user_id.
NOBODYS = {"alembic_version", "erasure_receipt", "instance", "login_attempt"}


@dataclass
class Two:
    """Two athletes, each with a row in every table."""

    a: UUID
    b: UUID
    a_login: UUID


@pytest.fixture(scope="module")
async def owner(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls.owner)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def tables(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    )
    return [row[0] for row in rows]


async def fill(person: Person, services: Services, coach: Person) -> None:
    """A row in every table: one of everything the API makes, and the rest by SQL as the athlete."""
    for route in ROUTES:
        make = GOOD.get(name_of(route))
        if (
            make is not None
            and route.method == "POST"
            and "auth" not in route.path
            and "{" not in route.path.removeprefix("/api/v1/athletes/{athlete}")
        ):
            sent = await make(person)
            key = {"headers": {"Idempotency-Key": str(uuid4())}}
            assert (await person.call(route.method, sent.address(route), **sent.body(), **key)).is_success
    await GOOD["PATCH /athletes/{athlete}/sessions/{session_id}/sets/{set_id}"](person)
    user_id = UUID(person.user_id)
    async with services.database.act_as_system(user_id, uuid7()) as tx:
        for statement in FILLED_BY_SQL.values():
            await tx.execute(statement, user_id, *([UUID(coach.user_id)] if "$2" in statement else []))
    # What a coach reads is recorded by act_as alone.
    assert (await coach.get(f"/api/v1/athletes/{person.user_id}/sessions")).is_success


@pytest.fixture(scope="module")
async def two(http: httpx.AsyncClient, services: Services, owner: asyncpg.Connection) -> Two:
    a, b, coach = [await register(http, name) for name in ("ann", "bob", "coach")]
    for person in (a, b):
        await fill(person, services, coach)
    login = await owner.fetchval("SELECT id FROM login WHERE user_id = $1 AND ended_at IS NULL LIMIT 1", UUID(a.user_id))
    return Two(UUID(a.user_id), UUID(b.user_id), login)


@pytest.fixture
async def server(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls.server)
    yield connection
    await connection.close()


@asynccontextmanager
async def acting_as_a(server: asyncpg.Connection, two: Two) -> AsyncIterator[None]:
    """A transaction of A's own, which comes to nothing."""
    transaction = server.transaction()
    await transaction.start()
    await server.execute(f"SELECT app.act_as('{two.a}', '{two.a}', NULL, 'WEB', NULL, true, '{two.a_login}', '')")
    yield
    await transaction.rollback()


async def refused(server: asyncpg.Connection, sql: str, *args: Any) -> bool:
    """Whether PostgreSQL refuses a statement, or it touches nothing. The transaction goes on."""
    point = server.transaction()
    await point.start()
    try:
        tag = await server.execute(sql, *args)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.CheckViolationError):
        return True
    finally:
        await point.rollback()
    return str(tag).rpartition(" ")[2] == "0"


async def test_without_an_actor_there_are_no_rows(server: asyncpg.Connection, tables: list[str], two: Two) -> None:
    assert two.a != two.b
    seen = {
        table: await server.fetchval(f"SELECT count(*) FROM {table} WHERE NOT coalesce({EVERYBODYS.get(table, 'false')}, false)")
        for table in tables
    }
    assert {table: count for table, count in seen.items() if count} == {}


async def test_without_an_actor_nothing_is_written(server: asyncpg.Connection, owner: asyncpg.Connection, two: Two) -> None:
    for table in await owned_tables(owner):
        assert await refused(server, f"UPDATE {table} SET user_id = user_id"), table
        assert await refused(server, f"DELETE FROM {table}"), table
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await server.execute("INSERT INTO program (id, user_id) VALUES ($1, $2)", uuid4(), two.a)


async def owned_tables(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch(
        """
        SELECT c.relname::text FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'user_id'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND t.attgenerated = '' ORDER BY 1
        """
    )
    return [row[0] for row in rows]


async def test_both_have_a_row_in_every_table(owner: asyncpg.Connection, tables: list[str], two: Two) -> None:
    for person in (two.a, two.b):
        empty = [
            table
            for table in set(tables) - NOBODYS
            if not await owner.fetchval(f"SELECT EXISTS (SELECT FROM {table} WHERE user_id = $1)", person)
        ]
        assert sorted(empty) == [], "fill it, so that the tests below look at something"


async def test_as_a_nothing_of_b_is_there(server: asyncpg.Connection, tables: list[str], two: Two) -> None:
    async with acting_as_a(server, two):
        for table in set(tables) - NOBODYS:
            others = f"user_id <> '{two.a}' AND NOT coalesce({EVERYBODYS.get(table, 'false')}, false)"
            assert await server.fetchval(f"SELECT count(*) FROM {table} WHERE user_id = $1", two.b) == 0, table
            assert await server.fetchval(f"SELECT count(*) FROM {table} WHERE {others}") == 0, table
        for table in NOBODYS - {"alembic_version"}:
            assert await server.fetchval(f"SELECT count(*) FROM {table}") == 0, table
        mine = await server.fetchval("SELECT count(*) FROM user_workout_session")
        assert mine > 0, "A sees nothing at all: this test proves nothing"


async def test_as_a_nothing_of_b_is_changed(server: asyncpg.Connection, owner: asyncpg.Connection, two: Two) -> None:
    async with acting_as_a(server, two):
        for table in await owned_tables(owner):
            assert await refused(server, f"UPDATE {table} SET user_id = user_id WHERE user_id = $1", two.b), table
            assert await refused(server, f"DELETE FROM {table} WHERE user_id = $1", two.b), table


async def test_as_a_nothing_is_inserted_for_b(server: asyncpg.Connection, owner: asyncpg.Connection, two: Two) -> None:
    for table in await owned_tables(owner):
        row = json.loads(await owner.fetchval(f"SELECT to_jsonb(t) FROM {table} t WHERE t.user_id = $1 LIMIT 1", two.b))
        row |= {"id": str(uuid4())} if "id" in row else {}
        columns = ", ".join(
            r[0]
            for r in await owner.fetch(
                """SELECT attname::text FROM pg_attribute
                   WHERE attrelid = $1::text::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped""",
                table,
            )
        )
        async with acting_as_a(server, two):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await server.execute(
                    f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, $1::text::jsonb)",
                    json.dumps(row),
                )


async def test_as_a_no_row_is_given_to_b(server: asyncpg.Connection, owner: asyncpg.Connection, two: Two) -> None:
    """The stamp puts user_id back where there is one; everywhere else the policy refuses the row."""
    for table in await owned_tables(owner):
        async with acting_as_a(server, two):
            point = server.transaction()
            await point.start()
            try:
                moved = await server.fetch(f"UPDATE {table} SET user_id = $2 WHERE user_id = $1 RETURNING user_id", two.a, two.b)
            except (asyncpg.InsufficientPrivilegeError, asyncpg.UniqueViolationError):
                continue
            finally:
                await point.rollback()
            assert {row["user_id"] for row in moved} <= {two.a}, table


async def test_as_a_no_row_points_at_bs(server: asyncpg.Connection, owner: asyncpg.Connection, two: Two) -> None:
    enrollment = await owner.fetchval("SELECT id FROM user_program_enrollment WHERE user_id = $1", two.b)
    async with acting_as_a(server, two):
        workout = await server.fetchval("SELECT id FROM workout WHERE user_id = $1", two.a)
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await server.execute(
                "INSERT INTO user_workout_session (id, user_id, workout_id, program_enrollment_id) VALUES ($1, $2, $3, $4)",
                uuid4(),
                two.a,
                workout,
                enrollment,
            )


@pytest.mark.parametrize("table", ["change", "change_head"])
async def test_the_ledger_is_for_reading(server: asyncpg.Connection, two: Two, table: str) -> None:
    async with acting_as_a(server, two):
        assert await server.fetchval(f"SELECT count(*) FROM {table} WHERE user_id = $1", two.a) > 0
        for statement in (f"UPDATE {table} SET seq = seq", f"DELETE FROM {table}", f"TRUNCATE {table}",
                          f"INSERT INTO {table} SELECT * FROM {table} LIMIT 0"):  # fmt: skip
            point = server.transaction()
            await point.start()
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await server.execute(statement)
            await point.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE user_measurement DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE user_measurement DISABLE TRIGGER ledger_update",
        "DROP TRIGGER stamp ON user_measurement",
        "CREATE TABLE public.note (id int)",
        "CREATE FUNCTION app.actor2() RETURNS uuid LANGUAGE sql RETURN NULL::uuid",
        "DROP POLICY readable ON user_measurement",
        "SET ROLE postgres",
        "SET session_replication_role = replica",
        "SELECT app.record_change()",
        "SELECT app.keep_in_ledger('login', 'account')",
        "COPY user_measurement TO PROGRAM 'cat'",
    ],
)
async def test_the_serving_role_cannot_free_itself(server: asyncpg.Connection, statement: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError)):
        await server.execute(statement)


async def test_the_actor_ends_with_its_transaction(server: asyncpg.Connection, two: Two) -> None:
    async with acting_as_a(server, two):
        assert await server.fetchval("SELECT count(*) FROM user_workout_session") > 0
    assert await server.fetchval("SELECT app.actor() IS NULL AND app.athlete() IS NULL AND NOT app.is_system()")
    assert await server.fetchval("SELECT count(*) FROM user_workout_session") == 0
