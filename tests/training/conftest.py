"""A second instance on the same database that has one connection and writes down every statement sent over it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from asyncpg.connection import LoggedQuery
from training_world import Counting

from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.settings import Settings


@pytest.fixture(scope="session")
async def counting(urls: DatabaseUrls, settings: Settings) -> AsyncIterator[Counting]:
    services = build_services(replace(settings, pool_connections=1), urls)
    await services.database.open()
    transport = httpx.ASGITransport(create_app(services), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as http:
        counting = Counting(http)

        def note(query: LoggedQuery) -> None:
            counting.statements.append(query.query)

        async with services.database.connection() as connection:
            connection.add_query_logger(note)
        yield counting
    await services.database.close()
