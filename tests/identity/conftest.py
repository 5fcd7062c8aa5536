"""Instances of their own, for what is true of a whole instance, and clients at addresses of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest
from litestar import Litestar

from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.http.edge import Services
from reptrail.settings import Settings

MakeInstance = Callable[..., Awaitable[tuple[httpx.AsyncClient, Services]]]
ClientAt = Callable[[str], httpx.AsyncClient]


def client(app: Litestar, host: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 50000))
    return httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60)


@pytest.fixture
async def make_instance(make_database: Callable[..., DatabaseUrls], settings: Settings) -> AsyncIterator[MakeInstance]:
    """Makes a fresh instance that nobody has registered on; keywords are settings."""
    async with AsyncExitStack() as stack:

        async def make(**changes: Any) -> tuple[httpx.AsyncClient, Services]:
            services = build_services(replace(settings, **changes), make_database())
            await services.database.open()
            stack.push_async_callback(services.database.close)
            return await stack.enter_async_context(client(create_app(services))), services

        yield make


@pytest.fixture
async def at(app: Litestar) -> AsyncIterator[ClientAt]:
    """Clients of the shared instance at other addresses: failed logins are counted by address."""
    async with AsyncExitStack() as stack:
        made: list[httpx.AsyncClient] = []

        def make(host: str) -> httpx.AsyncClient:
            made.append(client(app, host))
            stack.push_async_callback(made[-1].aclose)
            return made[-1]

        yield make
