"""A clock that tests move, and people whose logins outlast it."""

from uuid import UUID

import httpx
import jwt
import pytest
from enrollment_world import Clock, MakePerson

from helpers import Person, register
from reptrail import clock
from reptrail.http.edge import Services

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
