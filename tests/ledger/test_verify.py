"""`audit verify` finds whatever was changed, removed, inserted or reordered, and names it; on a clean ledger it finds nothing."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import httpx
import pytest

from helpers import Person, register
from reptrail.app import build_services, create_app
from reptrail.catalog.builtin import exercises
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.ledger.actions import Verification, athletes, verify
from reptrail.settings import Settings

Tamper = Callable[[asyncpg.Connection, UUID, int], Awaitable[object]]


@dataclass
class World:
    """A database of its own, since tampering is done as its owner, with triggers off."""

    services: Services
    http: httpx.AsyncClient
    owner_url: str

    async def athlete(self) -> Person:
        """Somebody with about forty changes."""
        person = await register(self.http, "athlete")
        session = (await person.post("sessions", {"session_status": "IN_PROGRESS"})).json()["id"]
        for reps in range(5, 11):
            logged = {"exercise_id": str(exercises()[reps % 3].id), "reps": reps, "weight": 60 + reps, "weight_unit": "kg"}
            assert (await person.post(f"sessions/{session}/sets", logged)).status_code == 201
        await person.post("measurements", {"metric": "body-weight", "measured_value": 80, "unit": "kg"})
        return person

    async def check(self, person: Person) -> Verification:
        async with self.services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
            return await verify(tx)

    async def tamper(self, person: Person, *statements: str) -> None:
        connection = await asyncpg.connect(self.owner_url)
        try:
            await connection.execute("SET session_replication_role = replica")
            for statement in statements:
                await connection.execute(statement.replace("$1", f"'{person.user_id}'"))
        finally:
            await connection.close()


@pytest.fixture(scope="module")
async def world(make_database: Callable[..., DatabaseUrls], settings: Settings) -> AsyncIterator[World]:
    urls = make_database()
    services = build_services(settings, urls)
    await services.database.open()
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as http:
        yield World(services, http, urls.owner)
    await services.database.close()


async def test_a_clean_ledger_is_clean(world: World) -> None:
    found = await world.check(await world.athlete())
    assert found.findings == []
    assert found.changes == found.head_seq > 15
    assert len(found.head_hash) == 64


CHANGED = "UPDATE change SET {} WHERE user_id = $1 AND seq = 7"
FORGED = (
    "INSERT INTO change SELECT user_id, seq + 1, actor_id, via, request_id, changed_at, domain, table_name, row_id, action, "
    "before, after, hash FROM change WHERE user_id = $1 ORDER BY seq DESC LIMIT 1"
)
FORGED_ROW = (
    "INSERT INTO user_measurement (id, user_id, metric_id, measured_value, unit, measurement_date, created_by) SELECT "
    "gen_random_uuid(), user_id, metric_id, 70, 'kg', '2026-01-01', user_id FROM user_measurement WHERE user_id = $1 LIMIT 1"
)
TAMPERINGS = {
    "contents": (CHANGED.format("after = after || '{\"reps\": 99}'"), 7),
    "before": (CHANGED.format("before = '{\"x\": 1}'"), 7),
    "actor": (CHANGED.format("actor_id = gen_random_uuid()"), 7),
    "time": (CHANGED.format("changed_at = changed_at + interval '1 second'"), 7),
    "via": (CHANGED.format("via = 'SYSTEM'"), 7),
    "request": (CHANGED.format("request_id = NULL"), 7),
    "row": (CHANGED.format("row_id = gen_random_uuid()"), 7),
    "table": (CHANGED.format("table_name = 'user_measurement'"), 7),
    "hash": (CHANGED.format("hash = sha256('x')"), 7),
    "removed in the middle": ("DELETE FROM change WHERE user_id = $1 AND seq = 7", 7),
    "removed at the start": ("DELETE FROM change WHERE user_id = $1 AND seq = 1", 1),
    "removed at the end": ("DELETE FROM change WHERE user_id = $1 AND seq > 14", None),
    "inserted at the end": (FORGED, None),
    "the head": ("UPDATE change_head SET hash = sha256('x') WHERE user_id = $1", None),
    "the head's number": ("UPDATE change_head SET seq = seq - 1 WHERE user_id = $1", None),
    "the head gone": ("DELETE FROM change_head WHERE user_id = $1", None),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPERINGS)
async def test_tampering_is_found_and_named(world: World, kind: str) -> None:
    person = await world.athlete()
    statement, seq = TAMPERINGS[kind]
    await world.tamper(person, statement)
    findings = (await world.check(person)).findings
    assert findings
    if seq is not None:
        assert seq in {finding.seq for finding in findings}, [str(f) for f in findings]


async def test_two_changes_that_changed_places_are_named(world: World) -> None:
    person = await world.athlete()
    swap = "UPDATE change SET seq = {} WHERE user_id = $1 AND seq = {}"
    await world.tamper(person, swap.format(1000, 5), swap.format(5, 9), swap.format(9, 1000))
    assert {5, 9} <= {finding.seq for finding in (await world.check(person)).findings}


async def test_a_change_removed_and_the_gap_closed_is_found(world: World) -> None:
    person = await world.athlete()
    await world.tamper(
        person,
        "DELETE FROM change WHERE user_id = $1 AND seq = 6",
        "UPDATE change SET seq = -seq WHERE user_id = $1 AND seq > 6",
        "UPDATE change SET seq = -seq - 1 WHERE user_id = $1 AND seq < 0",
        "UPDATE change_head SET seq = seq - 1 WHERE user_id = $1",
    )
    assert (await world.check(person)).findings


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE user_set_performance SET reps = reps + 1 WHERE user_id = $1 AND reps = 7", "user_set_performance"),
        ("UPDATE app_user SET is_admin = true WHERE id = $1", "app_user"),
        ("UPDATE user_measurement SET is_active = false WHERE user_id = $1", "user_measurement"),
        ("DELETE FROM user_set_performance WHERE user_id = $1 AND reps = 8", "user_set_performance"),
        (FORGED_ROW, "user_measurement"),
    ],
)  # fmt: skip
async def test_a_row_changed_behind_the_ledgers_back_is_named(world: World, statement: str, table: str) -> None:
    person = await world.athlete()
    await world.tamper(person, statement)
    findings = (await world.check(person)).findings
    assert table in {finding.table_name for finding in findings}, [str(f) for f in findings]
    assert all(finding.row_id is not None for finding in findings if finding.table_name)


@pytest.mark.parametrize("seed", range(12))
async def test_any_change_of_any_column_is_found(world: World, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    person = await world.athlete()
    seq = chance.randint(1, 15)
    # Each of them always differs from what stands there.
    column, value = chance.choice([
        ("domain", "CASE domain WHEN 'account' THEN 'training' ELSE 'account' END"), ("action", "'DELETE'"), ("after", "'{}'"),
        ("before", "'{\"a\": null}'"), ("changed_at", "changed_at - interval '1 microsecond'"), ("row_id", "gen_random_uuid()"),
        ("actor_id", "gen_random_uuid()"), ("request_id", "gen_random_uuid()"), ("hash", "hash || '\\x00'"), ("via", "'API_TOKEN'"),
    ])  # fmt: skip
    await world.tamper(person, f"UPDATE change SET {column} = {value} WHERE user_id = $1 AND seq = {seq}")  # noqa: S608
    findings = (await world.check(person)).findings
    assert seq in {finding.seq for finding in findings}, (column, [str(f) for f in findings])


async def test_many_writers_leave_no_gap(world: World) -> None:
    people = [await register(world.http, f"p{n}") for n in range(3)]

    async def write(person: Person, number: int) -> None:
        body = {
            "metric": "body-weight",
            "measured_value": 70 + number / 10,
            "unit": "kg",
            "measurement_date": f"2026-01-{number + 1:02}",
        }
        assert (await person.post("measurements", body)).status_code == 201

    await asyncio.gather(*(write(person, number) for person in people for number in range(12)))
    for person in people:
        found = await world.check(person)
        assert (found.findings, found.changes) == ([], found.head_seq)


async def test_every_athlete_can_be_verified(world: World) -> None:
    person = await world.athlete()
    async with world.services.database.act_as_system(None, uuid7()) as tx:
        assert UUID(person.user_id) in await athletes(tx)
