"""One actor's writes leave the others connections: they wait for each other, and most of them without holding one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from helpers import Person, problem
from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.settings import Settings

CONNECTIONS = 4
WEIGHT = {"metric": "body-weight", "measured_value": 81.5, "unit": "kg"}


@pytest.fixture
async def process(settings: Settings, urls: DatabaseUrls, request: pytest.FixtureRequest) -> AsyncIterator[Services]:
    patience_ms = getattr(request, "param", 3000)
    made = build_services(replace(settings, pool_connections=CONNECTIONS, statement_timeout_ms=patience_ms), urls)
    await made.database.open()
    yield made
    await made.database.close()


@pytest.mark.parametrize("process", [30_000], indirect=True)
async def test_writes_that_wait_take_no_connection_from_others(
    process: Services, services: Services, athlete: Person, stranger: Person
) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(process)), base_url="http://test") as here:
        busy, other = replace(athlete, http=here), replace(stranger, http=here)
        # Through another process's pool: as long as this is open, every write of the athlete's waits.
        async with services.database.act_as_system(UUID(athlete.user_id), uuid7()):
            waiting = [asyncio.create_task(busy.post("measurements", WEIGHT)) for _ in range(2 * CONNECTIONS)]
            await asyncio.sleep(0.3)
            async with asyncio.timeout(15):
                assert (await other.post("measurements", WEIGHT)).status_code == 201
            assert not any(task.done() for task in waiting)
        assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {201}


async def test_who_gets_no_turn_in_time_is_told_to_come_again(process: Services, services: Services, athlete: Person) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(process)), base_url="http://test") as here:
        busy = replace(athlete, http=here)
        async with services.database.act_as_system(UUID(athlete.user_id), uuid7()):
            answers = await asyncio.gather(*(busy.post("measurements", WEIGHT) for _ in range(3)))
        for answer in answers:
            problem(answer, 503, "unavailable")
        assert (await busy.post("measurements", WEIGHT)).status_code == 201
