"""The database's owner, who may do what nobody else may."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from reptrail.db.embedded import DatabaseUrls


@pytest.fixture(scope="module")
async def owner(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(urls.owner)
    yield connection
    await connection.close()


@pytest.fixture(scope="module")
async def server(urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    """The serving role's own connection, with no server before it."""
    connection = await asyncpg.connect(urls.server)
    yield connection
    await connection.close()
