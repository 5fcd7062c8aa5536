"""An instance whose requests can be sent from synchronous code."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from portal import Portal

from reptrail.app import build_services, create_app
from reptrail.db.embedded import DatabaseUrls
from reptrail.settings import Settings


@pytest.fixture(scope="session")
def portal(make_database: Callable[..., DatabaseUrls], settings: Settings) -> Iterator[Portal]:
    """A fresh instance with a database of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(timeout=60)

    urls = make_database()
    services = build_services(settings, urls)
    run(services.database.open())
    made = Portal(create_app(services), run, urls.owner)
    yield made
    made.close()
    run(services.database.close())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
