"""A write that waits for its turn on an athlete's ledger is looked at when the turn has come, not when it began to wait."""

import asyncio
from contextlib import aclosing
from uuid import UUID

import asyncpg
import httpx
import pytest
from phone import Grant

from helpers import Person, problem
from reptrail.db import heads
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.sync.live import Listening, events

ENDED = {
    "login": ("UPDATE login SET ended_at = now() WHERE user_id = $1", 401),
    "token": ("UPDATE api_token SET is_active = false WHERE user_id = $1", 401),
    "grant": ("UPDATE coach_grant SET revoked_at = now() WHERE user_id = $1", 404),
}
WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'BEGIN; SELECT app.act_as(%'"""


async def until_somebody_waits(owner: asyncpg.Connection) -> None:
    async with asyncio.timeout(20):
        while not await owner.fetchval(WAITING):  # noqa: ASYNC110 - of another process, which sets no event here
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("right", ENDED)
async def test_a_right_that_ends_while_a_write_waits_is_gone(  # noqa: PLR0917 - fixtures
    athlete: Person, grant: Grant, token: Grant, services: Services, owner: asyncpg.Connection, right: str
) -> None:
    both = ("training:read", "training:write")
    writer = {"login": athlete, "token": await token(*both), "grant": await grant(*both)}[right]
    ended, status = ENDED[right]
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()) as tx:  # holds the ledger
        waiting = asyncio.create_task(writer.post(f"/api/v1/athletes/{athlete.user_id}/sessions", {}))
        await until_somebody_waits(owner)
        async with owner.transaction():
            await owner.execute("SET LOCAL session_replication_role = replica")
            await owner.execute(ended, UUID(athlete.user_id))
        assert await tx.value("SELECT count(*) FROM user_workout_session WHERE user_id = $1", tx.athlete) == 0
    assert (await waiting).status_code == status
    assert await owner.fetchval("SELECT count(*) FROM user_workout_session WHERE user_id = $1", UUID(athlete.user_id)) == 0


async def test_whoever_has_no_right_does_not_wait(athlete: Person, stranger: Person, services: Services) -> None:
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7()), asyncio.timeout(20):
        problem(await stranger.post(f"/api/v1/athletes/{athlete.user_id}/sessions", {}), 404, "not-found")
        forged = {"Authorization": f"Bearer {athlete.access_token[:-4]}AAAA"}
        refused: httpx.Response = await athlete.http.post("/api/v1/athletes/me/sessions", json={}, headers=forged)
        assert refused.status_code == 401


async def test_of_streams_that_begin_at_once_none_is_one_too_many(services: Services) -> None:
    """All of them had passed the first look before any of them listened."""
    athlete, room = uuid7(), services.database.heads
    before = room.count

    async def again(_act: object) -> int:
        await asyncio.sleep(3600)
        return 0

    streams = [events(Listening(room, athlete, athlete, 7, None, 60, 1000), again) for _ in range(heads.MAX_PER_LISTENER + 5)]
    begun = await asyncio.gather(*(anext(stream) for stream in streams), return_exceptions=True)
    assert sum(each == b"retry: 2000\n\n" for each in begun) == heads.MAX_PER_LISTENER
    assert {str(getattr(each, "slug", "")) for each in begun if not isinstance(each, bytes)} == {"too-many-streams"}
    for stream in streams:
        async with aclosing(stream):
            pass
    assert room.count == before
