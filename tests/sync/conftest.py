"""What the tests of sync share."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import asyncpg
import httpx
import pytest
from phone import Grant, Phone

from helpers import Person, register
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.ids import uuid7


@pytest.fixture
async def phone(athlete: Person) -> Phone:
    """A phone of the athlete's, with all there is on it."""
    made = Phone(athlete)
    await made.pull()
    return made


@pytest.fixture(scope="session")
async def owner(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    """The owner of the database."""
    connection = await asyncpg.connect(urls.owner)
    # As the server's own connections, so that times in JSON read the same.
    await connection.execute("SET TimeZone TO 'UTC'")
    yield connection
    await connection.close()


@pytest.fixture
async def grant(http: httpx.AsyncClient, athlete: Person, services: Services) -> Grant:
    """Gives somebody scopes on the athlete, a new coach or one there is."""

    async def give(*scopes: str, coach: Person | None = None) -> Person:
        found = coach or await register(http, "coach")
        athlete_id = UUID(athlete.user_id)
        async with services.database.act_as_system(athlete_id, uuid7()) as tx:
            await tx.execute(
                "UPDATE coach_grant SET revoked_at = now() WHERE user_id = $1 AND coach_id = $2 AND revoked_at IS NULL",
                athlete_id,
                UUID(found.user_id),
            )
            if scopes:
                await tx.execute(
                    "INSERT INTO coach_grant (id, user_id, coach_id, scopes, consent_version) VALUES ($1, $2, $3, $4, 'test')",
                    uuid7(),
                    athlete_id,
                    UUID(found.user_id),
                    list(scopes),
                )
        return found

    return give


@pytest.fixture
def token(athlete: Person) -> Grant:
    """Makes the athlete an API token with scopes."""

    async def make(*scopes: str) -> Person:
        made = await athlete.post("/api/v1/me/tokens", {"name": "test", "scopes": list(scopes)})
        assert made.status_code == 201, made.text
        return replace(athlete, access_token=made.json()["token"])

    return make
