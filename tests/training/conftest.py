"""A second instance on the same database that has one connection and writes down every statement sent over it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import httpx
import pytest
from asyncpg.connection import LoggedQuery

from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.settings import Settings


@dataclass
class Counting:
    """A client, and the statements that were sent since `clear`."""

    http: httpx.AsyncClient
    statements: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.statements.clear()

    def counted(self) -> list[str]:
        """The statements between BEGIN (with act_as, one simple query) and COMMIT."""
        assert self.statements[0].startswith("BEGIN; SELECT app.act_as(")
        assert self.statements[-1] in ("COMMIT", "ROLLBACK")
        return self.statements[1:-1]


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
