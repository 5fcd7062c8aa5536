"""Somebody who listens to a live stream, straight at the application: httpx would wait for its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar

from helpers import Person


class Ear:
    """What a stream has said so far."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self._news = asyncio.Event()
        self.ended = False
        self._gone = asyncio.Event()

    @property
    def heads(self) -> list[int]:
        """The numbers of the events."""
        return [int(line.removeprefix("id: ")) for line in self.text.splitlines() if line.startswith("id: ")]

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message.get("body", b"").decode()
            self.ended = self.ended or not message.get("more_body", False)
        self._news.set()

    async def receive(self) -> Any:
        if not self.headers and not self.status:
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    def leave(self) -> None:
        """Goes away without a word."""
        self._gone.set()

    async def until(self, what: Any, seconds: float = 10) -> None:
        """Waits for something to be so."""
        async with asyncio.timeout(seconds):
            while not what(self):
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def listening(app: Litestar, person: Person, athlete: str = "me", **headers: str) -> AsyncIterator[Ear]:
    """An open stream."""
    ear = Ear()
    sent = {"authorization": f"Bearer {person.access_token}", "accept-encoding": "gzip", **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": f"/api/v1/athletes/{athlete}/live", "raw_path": b"", "root_path": "", "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 1), "server": ("test", 80), "state": {},
    }  # fmt: skip
    task = asyncio.create_task(app(scope, ear.receive, ear.send))  # type: ignore[arg-type]
    try:
        await ear.until(lambda e: e.status)
        yield ear
    finally:
        ear.leave()
        async with asyncio.timeout(10):
            await task
