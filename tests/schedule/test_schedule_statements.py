"""How many statements the calendar takes, beside begin and commit: a rise fails."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from asyncpg.connection import LoggedQuery
from schedule_world import FEEDS, ok, plan, record

from helpers import Person
from reptrail import clock
from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.settings import Settings


class Sent(list[str]):
    """The statements that were sent over the one connection of a client."""

    http: httpx.AsyncClient

    def of_one_request(self) -> list[str]:
        assert self[0].startswith("BEGIN; SELECT app.act_as")
        assert self[-1] == "COMMIT"
        found = self[1:-1]
        self.clear()
        return found


@pytest.fixture
async def sent(urls: DatabaseUrls, settings: Settings) -> AsyncIterator[Sent]:
    services = build_services(replace(settings, pool_connections=1), urls)
    await services.database.open()
    sent = Sent()

    def note(query: LoggedQuery) -> None:
        sent.append(query.query)

    async with services.database.connection() as connection:
        connection.add_query_logger(note)
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as sent.http:
        yield sent
    await services.database.close()


async def test_a_calendar_is_one_statement_and_a_feed_two(sent: Sent, athlete: Person) -> None:
    for day in range(3):
        await record(athlete, clock.now() - timedelta(days=2 + day))
        await plan(athlete, clock.now() + timedelta(days=day))
    path = ok(await athlete.post(FEEDS, {"feed_name": "x"}), 201)["feed_path"]
    here = replace(athlete, http=sent.http)
    ok(await here.get("calendar"))
    assert len(sent.of_one_request()) == 1
    ok(await here.get(FEEDS))
    assert len(sent.of_one_request()) == 1
    assert (await sent.http.get(path)).status_code == 200
    assert len(sent.of_one_request()) == 2
