"""A clock that tests move, and people whose logins outlast it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import httpx
import jwt
import pytest
from asyncpg.connection import LoggedQuery
from enrollment_world import Clock, Counting, MakePerson

from helpers import Person, register
from reptrail import clock
from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.settings import Settings

TEN_YEARS_SECONDS = 315_360_000


@pytest.fixture
def moved_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock(clock.now())
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


@pytest.fixture
def person(http: httpx.AsyncClient, services: Services) -> MakePerson:
    """Makes somebody with a login that is good whatever the clock is moved to afterwards."""

    async def make(zone: str = "Europe/Berlin", name: str = "athlete") -> Person:
        made = await register(http, name, time_zone=zone)
        lid = UUID(jwt.decode(made.access_token, options={"verify_signature": False})["lid"])
        made.access_token = services.authenticator.issue(UUID(made.user_id), lid, TEN_YEARS_SECONDS)
        return made

    return make


@pytest.fixture(scope="session")
async def counting(urls: DatabaseUrls, settings: Settings) -> AsyncIterator[Counting]:
    """A second instance on the same database that has one connection and writes down every statement sent over it."""
    services = build_services(replace(settings, pool_connections=1), urls)
    await services.database.open()
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as http:
        counting = Counting(http)

        def note(query: LoggedQuery) -> None:
            counting.timed.append((query.query, query.elapsed))

        async with services.database.connection() as connection:
            connection.add_query_logger(note)
        yield counting
    await services.database.close()
