"""An application that synchronous code can call: Hypothesis calls its tests, and does not await them."""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from litestar import Litestar


class Portal:
    """A running application on an event loop in a thread of its own."""

    def __init__(self, app: Litestar, run: Callable[[Coroutine[Any, Any, Any]], Any], owner_url: str) -> None:
        self.run = run
        self._owner = run(asyncpg.connect(owner_url))
        self.http = self.client(app, "127.0.0.1")
        # What is made up comes from somewhere else: wrong passwords are counted by address, and nobody else must wait.
        self.elsewhere = self.client(app, "192.0.2.1")

    @staticmethod
    def client(app: Litestar, host: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(host, 50000))
        return httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60)

    def head(self, user_id: str) -> int:
        """How much was ever written for an athlete."""
        found: int = self.run(self._owner.fetchval("SELECT seq FROM change_head WHERE user_id = $1", UUID(user_id)))
        return found

    def close(self) -> None:
        for closing in (self.http.aclose(), self.elsewhere.aclose(), self._owner.close()):
            self.run(closing)
