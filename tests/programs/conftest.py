"""A second instance on the same database that has one connection and writes down every statement sent over it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from asyncpg.connection import LoggedQuery
from program_world import Counted

from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.settings import Settings


@pytest.fixture
async def counted(urls: DatabaseUrls, settings: Settings) -> AsyncIterator[Counted]:
    services = build_services(replace(settings, pool_connections=1), urls)
    await services.database.open()
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as http:
        counted = Counted(http)

        def note(query: LoggedQuery) -> None:
            counted.statements.append(query.query)

        async with services.database.connection() as connection:
            connection.add_query_logger(note)
        yield counted
    await services.database.close()
