"""An instance whose requests can be sent from synchronous code: Hypothesis calls its tests, and does not await them."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar

from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.settings import Settings


class Portal:
    """A running application on an event loop in a thread of its own."""

    def __init__(self, app: Litestar, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self.run = run
        self.http = self.client(app, "127.0.0.1")
        # What is made up comes from somewhere else: wrong passwords are counted by address, and nobody else must wait.
        self.elsewhere = self.client(app, "192.0.2.1")

    @staticmethod
    def client(app: Litestar, host: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 50000))
        return httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60)


@pytest.fixture(scope="session")
def portal(make_database: Callable[..., DatabaseUrls], settings: Settings) -> Iterator[Portal]:
    """A fresh instance with a database of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(timeout=60)

    services = build_services(settings, make_database())
    run(services.database.open())
    made = Portal(create_app(services), run)
    yield made
    run(made.http.aclose())
    run(made.elsewhere.aclose())
    run(services.database.close())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
