"""What PostgreSQL writes into the ledger by itself, and that nobody else can."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from ledger_world import BENCH, MEASUREMENT, SET, as_athlete, changes, ok, record, sets_of, verified, weigh

from helpers import Person, register
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.ledger.rules import Change, chain_hash

CHAIN = """
    SELECT user_id, seq, actor_id, via::text AS via, request_id, extract(epoch FROM changed_at)::text AS changed_at, domain,
        table_name, row_id, action, before::text AS before, after::text AS after, hash
    FROM change WHERE user_id = $1 ORDER BY seq
"""
NEWEST = "SELECT * FROM change WHERE user_id = $1 ORDER BY seq DESC LIMIT 1"
STRANGE_SESSION = """
    SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'German'; SET IntervalStyle = 'iso_8601'; SET extra_float_digits = -15;
    SET bytea_output = 'escape'; SET lc_numeric = 'C'; SET standard_conforming_strings = on; SET search_path = app
"""


@pytest.fixture(scope="module")
async def scratch(make_database: Callable[..., DatabaseUrls]) -> AsyncIterator[asyncpg.Connection]:
    """The owner of a database of its own, whose triggers may be touched."""
    connection = await asyncpg.connect(make_database().owner)
    yield connection
    await connection.close()


async def new_user(connection: asyncpg.Connection, user_id: UUID) -> None:
    await connection.execute("INSERT INTO app_user (id, email, display_name) VALUES ($1, $2, 'x')", user_id, f"{user_id}@x.org")


async def act(connection: asyncpg.Connection, user_id: UUID) -> None:
    await connection.execute("SELECT app.act_as_system($1, 'SYSTEM', $2)", user_id, uuid7())


async def in_savepoint(connection: asyncpg.Connection, statement: str, *args: Any) -> None:
    async with connection.transaction():
        await connection.execute(statement, *args)


async def test_the_hash_is_the_one_written_down(athlete: Person, owner: asyncpg.Connection) -> None:
    await record(athlete)
    await weigh(athlete)
    link = b""
    rows = await owner.fetch(CHAIN, UUID(athlete.user_id))
    for seq, row in enumerate(rows, 1):
        change = Change(**row)
        assert change.seq == seq
        link = chain_hash(link, change, seq)
        assert link == change.hash
    assert (await owner.fetchval("SELECT hash FROM change_head WHERE user_id = $1", UUID(athlete.user_id))) == link


async def test_an_update_of_many_rows_keeps_each_row_with_its_own(athlete: Person, owner: asyncpg.Connection) -> None:
    session = await record(athlete, BENCH, sets=9)
    ids = [UUID(each["id"]) for each in sets_of(session)]
    async with as_athlete(owner, athlete):
        await owner.execute("UPDATE user_set_performance SET reps = reps * 10 WHERE user_id = $1", UUID(athlete.user_id))
    found = [c for c in await changes(athlete) if c["table_name"] == SET and c["action"] == "UPDATE"]
    assert {(UUID(c["row_id"]), c["before"]["reps"], c["after"]["reps"]) for c in found} == {
        (id_, 5 + place, (5 + place) * 10) for place, id_ in enumerate(ids)
    }
    assert set(found[0]["after"]) == {"reps", "version", "updated_by", "updated_at"}


async def test_an_upsert_is_told_as_what_it_did(athlete: Person, owner: asyncpg.Connection, services: Services) -> None:
    there, new = UUID((await weigh(athlete))["id"]), uuid7()
    before = len(await changes(athlete))
    async with as_athlete(owner, athlete):
        await owner.execute(
            """
            INSERT INTO user_measurement (id, user_id, metric_id, measured_value, unit, measurement_date)
            SELECT n.id, $1, m.metric_id, 91, 'kg', '2026-03-01'
            FROM unnest($2::uuid[]) AS n (id), user_measurement m WHERE m.id = $3
            ON CONFLICT (id) DO UPDATE SET measured_value = EXCLUDED.measured_value
            """,
            UUID(athlete.user_id),
            [there, new],
            there,
        )
    found = (await changes(athlete))[before:]
    assert {(c["action"], UUID(c["row_id"]), c["after"]["measured_value"]) for c in found} == {
        ("UPDATE", there, 91),
        ("INSERT", new, 91),
    }
    assert (await verified(services, athlete)).findings == []


async def test_rows_of_two_tables_may_share_an_id(athlete: Person) -> None:
    shared = str(uuid7())
    await record(athlete, BENCH, sets=1, id=shared)
    body = {"id": shared, "metric": "body-weight", "measured_value": 80, "unit": "kg", "measurement_date": "2026-03-01"}
    ok(await athlete.post("measurements", body), 201)
    (only,) = ok(await athlete.get(f"history/{MEASUREMENT}/{shared}"))["items"]
    assert only["after"]["measured_value"] == 80


async def test_an_update_that_changes_nothing_is_no_change(scratch: asyncpg.Connection) -> None:
    user_id = uuid7()
    await scratch.execute("ALTER TABLE app_user DISABLE TRIGGER stamp")
    try:
        async with scratch.transaction():
            await act(scratch, user_id)
            await new_user(scratch, user_id)
            await scratch.execute("UPDATE app_user SET display_name = display_name WHERE id = $1", user_id)
            await scratch.execute("UPDATE app_user SET display_name = 'y' WHERE false")
            assert await scratch.fetchval("SELECT seq FROM change_head WHERE user_id = $1", user_id) == 1
            await scratch.execute("UPDATE app_user SET display_name = 'y' WHERE id = $1", user_id)
        newest = await scratch.fetchrow(NEWEST, user_id)
        assert (newest["seq"], newest["before"], newest["after"]) == (2, '{"display_name": "x"}', '{"display_name": "y"}')
    finally:
        await scratch.execute("ALTER TABLE app_user ENABLE TRIGGER stamp")


async def test_deleted_rows_are_kept_whole(scratch: asyncpg.Connection) -> None:
    user_id, row_id = uuid7(), uuid7()
    async with scratch.transaction():
        await act(scratch, user_id)
        await new_user(scratch, user_id)
        await scratch.execute(
            "INSERT INTO exercise_mapping (id, user_id, match_key, exercise_id) SELECT $1, $2, 'x', id FROM exercise LIMIT 1",
            row_id,
            user_id,
        )
        await scratch.execute("DELETE FROM exercise_mapping WHERE id = $1", row_id)
    newest = await scratch.fetchrow(NEWEST, user_id)
    assert (newest["action"], newest["row_id"], newest["after"]) == ("DELETE", row_id, None)
    assert '"match_key": "x"' in newest["before"]


async def test_a_statement_writes_one_athlete(scratch: asyncpg.Connection) -> None:
    users = [uuid7(), uuid7()]
    for user_id in users:
        async with scratch.transaction():
            await act(scratch, user_id)
            await new_user(scratch, user_id)
    async with scratch.transaction():
        await act(scratch, users[0])
        with pytest.raises(asyncpg.RaiseError, match="one athlete"):
            await in_savepoint(scratch, "UPDATE app_user SET display_name = 'z' WHERE id = ANY ($1)", users)
    with pytest.raises(asyncpg.PostgresError, match="needs an actor"):
        await scratch.execute("UPDATE app_user SET display_name = 'z' WHERE id = $1", users[0])


async def test_without_its_head_a_ledger_takes_no_more(scratch: asyncpg.Connection) -> None:
    user_id = uuid7()
    async with scratch.transaction():
        await act(scratch, user_id)
        await new_user(scratch, user_id)
    await scratch.execute("DELETE FROM change_head WHERE user_id = $1", user_id)
    async with scratch.transaction():
        await act(scratch, user_id)
        with pytest.raises(asyncpg.NotNullViolationError):
            await in_savepoint(scratch, "UPDATE app_user SET display_name = 'z' WHERE id = $1", user_id)


async def test_thousands_of_rows_after_single_ones_stay_fast(
    athlete: Person, owner: asyncpg.Connection, services: Services
) -> None:
    """A plan kept from the first statement of a session, made for one row, is a nested loop over 7,211 (2 to 19 s)."""
    first = UUID((await weigh(athlete))["id"])
    user_id, ids = UUID(athlete.user_id), [uuid7() for _ in range(7211)]
    insert = """
        INSERT INTO user_measurement (id, user_id, metric_id, measured_value, unit, measurement_date)
        SELECT n.id, $1, m.metric_id, 91, 'kg', '2026-03-01' FROM unnest($2::uuid[]) AS n (id), user_measurement m WHERE m.id = $3
    """
    async with as_athlete(owner, athlete):
        for _ in range(8):
            await owner.execute("UPDATE user_measurement SET measured_value = 70 WHERE user_id = $1 AND id = $2", user_id, first)
        started = time.perf_counter()
        await owner.execute(insert, user_id, ids, first)
        await owner.execute("UPDATE user_measurement SET is_active = false WHERE user_id = $1", user_id)
        assert time.perf_counter() - started < 10
    found = await verified(services, athlete)
    assert (found.findings, found.changes) == ([], 1 + 1 + 8 + 7211 + 7212)


async def test_a_session_s_settings_do_not_show(athlete: Person, urls: DatabaseUrls, services: Services) -> None:
    session = await record(athlete, BENCH, sets=2, started_at="2026-03-02T17:00:00.25Z")
    strange = await asyncpg.connect(urls.owner)
    await strange.execute(STRANGE_SESSION)
    async with as_athlete(strange, athlete):
        await strange.execute(
            "UPDATE public.user_workout_session SET started_at = started_at - interval '1 hour' WHERE id = $1", UUID(session["id"])
        )
        await strange.execute(
            "UPDATE public.user_set_performance SET rpe = 8.5, completed_at = now() WHERE user_id = $1", UUID(athlete.user_id)
        )
        assert await strange.fetchval("SELECT current_setting('TimeZone')") == "Asia/Kathmandu"
    await strange.close()
    found = [c for c in await changes(athlete) if c["via"] == "SYSTEM" and c["action"] == "UPDATE"]
    assert len(found) == 3
    assert found[0]["after"]["started_at"] == "2026-03-02T16:00:00.25+00:00"
    assert all(c["after"]["updated_at"].endswith("+00:00") for c in found)
    assert (await verified(services, athlete)).findings == []


async def test_a_token_s_secret_is_not_kept(athlete: Person, owner: asyncpg.Connection, services: Services) -> None:
    token = ok(await athlete.post("/api/v1/me/tokens", {"name": "phone", "scopes": ["training:read"]}), 201)
    async with as_athlete(owner, athlete):
        await owner.execute("UPDATE api_token SET secret_hash = 'changed' WHERE id = $1", UUID(token["id"]))
        await owner.execute("DELETE FROM api_token WHERE id = $1", UUID(token["id"]))
    kept = [c for c in await changes(athlete) if c["table_name"] == "api_token"]
    assert [c["action"] for c in kept] == ["INSERT", "UPDATE", "DELETE"]
    assert "secret_hash" not in str(kept)
    assert "changed" not in str(kept[1]["after"])
    assert (await verified(services, athlete)).findings == []


async def test_many_writers_of_one_athlete_leave_no_gap(athlete: Person, services: Services) -> None:
    session = ok(await athlete.post("sessions", {"session_status": "IN_PROGRESS"}), 201)

    async def write(number: int) -> None:
        for place in range(4):
            await weigh(athlete, 80 + number, f"2026-04-{place + 1:02}")
            body = {"exercise_id": BENCH, "reps": 5, "weight": 80 + place, "weight_unit": "kg"}
            ok(await athlete.post(f"sessions/{session['id']}/sets", body), 201)

    await asyncio.gather(*(write(number) for number in range(6)))
    found = await changes(athlete)
    assert [c["seq"] for c in found] == list(range(1, len(found) + 1))
    assert sum(c["table_name"] == SET for c in found) == 24
    # Each request's changes stand together: they were committed one request after another.
    requests = [c["request_id"] for c in found]
    assert len(set(requests)) == sum(one != other for one, other in zip(requests, [None, *requests], strict=False))
    assert [c["changed_at"] for c in found] == sorted(c["changed_at"] for c in found)
    assert (await verified(services, athlete)).findings == []


async def test_writers_of_different_athletes_do_not_mix(http: httpx.AsyncClient, services: Services) -> None:
    people = [await register(http, f"writer{n}") for n in range(4)]
    await asyncio.gather(*(weigh(p, 70 + n, f"2026-05-{n + 1:02}") for p in people for n in range(5)))
    for person in people:
        found = await changes(person)
        assert [c["seq"] for c in found] == list(range(1, 7))
        assert {c["actor_id"] for c in found} == {person.user_id}
        assert (await verified(services, person)).findings == []


async def test_what_is_rolled_back_takes_no_number(athlete: Person, owner: asyncpg.Connection) -> None:
    before = len(await changes(athlete))
    transaction = owner.transaction()
    await transaction.start()
    await act(owner, UUID(athlete.user_id))
    await owner.execute("UPDATE app_user SET display_name = 'Ben' WHERE id = $1", UUID(athlete.user_id))
    assert await owner.fetchval("SELECT seq FROM change_head WHERE user_id = $1", UUID(athlete.user_id)) == before + 1
    await transaction.rollback()
    await weigh(athlete)
    assert [c["seq"] for c in await changes(athlete)] == list(range(1, before + 2))


FORBIDDEN = [
    "UPDATE change SET after = '{}' WHERE user_id = $1",
    "DELETE FROM change WHERE user_id = $1",
    "INSERT INTO change SELECT * FROM change WHERE user_id = $1",
    "UPDATE change_head SET seq = 0 WHERE user_id = $1",
    "DELETE FROM change_head WHERE user_id = $1",
    "INSERT INTO change_head (user_id) VALUES ($1)",
    "DELETE FROM user_measurement WHERE user_id = $1",
    "TRUNCATE change",
    "TRUNCATE change_head",
    "TRUNCATE user_measurement",
    "DROP TABLE change",
    "ALTER TABLE change ADD COLUMN x text",
    "ALTER TABLE user_measurement DISABLE TRIGGER ledger_update",
    "ALTER TABLE user_measurement DISABLE TRIGGER ALL",
    "DROP TRIGGER ledger_update ON user_measurement",
    "CREATE TRIGGER t AFTER INSERT ON user_measurement FOR EACH STATEMENT EXECUTE FUNCTION app.record_change('a', 'training')",
    "CREATE OR REPLACE FUNCTION app.record_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE OR REPLACE FUNCTION app.actor() RETURNS uuid LANGUAGE sql STABLE RETURN NULL::uuid",
    "CREATE FUNCTION app.mine() RETURNS int LANGUAGE sql RETURN 1",
    "ALTER FUNCTION app.record_change() SECURITY INVOKER",
    "SELECT app.keep_in_ledger('login', 'training')",
    "SET session_replication_role = replica",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE POLICY mine ON change USING (true)",
    "ALTER TABLE change DISABLE ROW LEVEL SECURITY",
    "ALTER ROLE reptrail_server SUPERUSER",
    "COPY change TO PROGRAM 'cat'",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_serving_role_cannot(statement: str, athlete: Person, server: asyncpg.Connection) -> None:
    args: tuple[Any, ...] = (UUID(athlete.user_id),) if "$1" in statement else ()
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.CantChangeRuntimeParamError)):
        async with as_athlete(server, athlete):
            await server.execute(statement, *args)


@pytest.mark.parametrize("table", ["change", "change_head"])
async def test_a_temporary_table_does_not_take_the_ledger_s_place(
    table: str, athlete: Person, server: asyncpg.Connection, services: Services
) -> None:
    await weigh(athlete)
    before = len(await changes(athlete))
    async with as_athlete(server, athlete):
        await server.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL) ON COMMIT DROP")
        await server.execute(f"GRANT ALL ON {table} TO PUBLIC")
        await server.execute("UPDATE user_measurement SET measured_value = 1 WHERE user_id = $1", UUID(athlete.user_id))
        assert await server.fetchval(f"SELECT count(*) FROM pg_temp.{table}") == 0  # noqa: S608 - a name of ours
    assert len(await changes(athlete)) == before + 1
    assert (await verified(services, athlete)).findings == []


async def test_the_ledger_s_trigger_cannot_be_put_on_a_table_of_one_s_own(server: asyncpg.Connection) -> None:
    trigger = (
        "CREATE TRIGGER t AFTER INSERT ON mine REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT "
        "EXECUTE FUNCTION app.record_change('user_measurement', 'measurements')"
    )
    async with server.transaction():
        await server.execute("CREATE TEMPORARY TABLE mine (id uuid, user_id uuid) ON COMMIT DROP")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await in_savepoint(server, trigger)
