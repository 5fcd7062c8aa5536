"""Two phones and a coach who write at once, answers that are lost, servers that are restarted: in the end all are the same.

A thousand operations in all, a third of a thousand a walk.
"""

import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import asyncpg
import httpx
import pytest
from phone import DONE, Grant, Phone
from server_truth import rows_of
from walk import SET, Walker, directly

from helpers import Person
from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.ledger.actions import verify
from reptrail.settings import Settings

STEPS = 130
ALL = ["training:read", "training:write", "measurements:read", "measurements:write"]
HIDDEN_FROM_COACHES = {"app_user"}

# A summary that is not that of its sets.
WRONG_SUMMARIES = """
    SELECT p.id FROM user_exercise_performance p
    LEFT JOIN user_set_performance t ON t.user_exercise_performance_id = p.id AND t.is_active AND t.kind <> 'WARMUP'
    WHERE p.user_id = $1 AND p.is_active
    GROUP BY p.id
    HAVING p.sets_completed <> count(t.id) OR p.reps_completed IS DISTINCT FROM sum(t.reps)
"""


@pytest.fixture
async def ending() -> AsyncIterator[AsyncExitStack]:
    """Ends what a test began."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.mark.parametrize("seed", range(3))
async def test_in_the_end_all_devices_and_the_server_are_the_same(  # noqa: PLR0917 - a whole world
    athlete: Person,
    grant: Grant,
    owner: asyncpg.Connection,
    urls: DatabaseUrls,
    settings: Settings,
    services: Services,
    ending: AsyncExitStack,
    seed: int,
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a walk that can be repeated
    coach = await grant(*ALL)
    walkers = [
        Walker(Phone(person, whose, page=chance.choice([5, 50, 1000])), random.Random(chance.random()))  # noqa: S311
        for person, whose in ((athlete, "me"), (athlete, "me"), (coach, athlete.user_id))
    ]
    servers = [services]
    for step in range(STEPS):
        for walker in walkers:
            walker.act()
            await walker.network()
            walker.settle_troubles()
        if step % 10 == 0:
            await directly(athlete.call, walkers[0].phone.store, chance)
        if step % 50 == 49:  # a server ends, and another takes its place
            fresh = build_services(settings, urls)
            await fresh.database.open()
            ending.push_async_callback(fresh.database.close)
            servers.append(fresh)
            transport = httpx.ASGITransport(create_app(fresh), raise_app_exceptions=False)
            athlete.http = coach.http = httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60)
    for walker in walkers:
        await walker.phone.push(size=20)
    for walker in walkers:
        await walker.phone.pull()

    truth = await rows_of(owner, athlete.user_id)
    assert walkers[0].phone.store == truth
    assert walkers[1].phone.store == truth
    assert walkers[2].phone.store == {key: row for key, row in truth.items() if key[0] not in HIDDEN_FROM_COACHES}
    await _no_operation_was_lost(walkers, owner, athlete, coach)
    assert await owner.fetch(WRONG_SUMMARIES, UUID(athlete.user_id)) == []
    async with servers[-1].database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:
        assert (await verify(tx)).findings == []


async def _no_operation_was_lost(walkers: list[Walker], owner: asyncpg.Connection, athlete: Person, coach: Person) -> None:
    """Each was answered; what was applied is remembered once and there, and nothing else is there of it."""
    statuses: Counter[str] = Counter()
    applied: dict[str, set[str]] = {athlete.user_id: set(), coach.user_id: set()}
    for walker in walkers:
        assert not walker.phone.outbox
        assert {o["id"] for o in walker.made} <= walker.phone.settled.keys()
        statuses.update(walker.phone.settled.values())
        applied[walker.phone.person.user_id] |= {i for i, status in walker.phone.settled.items() if status in DONE}
    # The walks are worth walking: everything happens in them.
    assert statuses.keys() == {"APPLIED", "ALREADY_APPLIED", "MERGED", "CONFLICT", "REFUSED"}
    for actor, ids in applied.items():
        remembered = await owner.fetch(
            "SELECT id FROM sync_operation WHERE user_id = $1 AND actor_id = $2", UUID(athlete.user_id), UUID(actor)
        )
        assert {str(row["id"]) for row in remembered} == ids
    wanted = {
        o["row_id"]
        for walker in walkers
        for o in walker.made
        if o["table"] == SET and o["action"] == "insert" and walker.phone.settled[o["id"]] in DONE
    }
    # A distance has what was logged over the routes.
    stored = await owner.fetch(
        "SELECT id FROM user_set_performance WHERE user_id = $1 AND distance_m IS NULL", UUID(athlete.user_id)
    )
    assert {str(row["id"]) for row in stored} == wanted
