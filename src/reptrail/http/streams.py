"""Answers that go on: what a handler says after its transaction has ended, until nobody listens any more."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, Final, TypeVar
from uuid import UUID

import asyncpg
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import Send

from reptrail.db.pool import Transaction
from reptrail.errors import Problem

T = TypeVar("T")

EVENTS: Final = "text/event-stream"
# Of Litestar's routes: a compressor would hold small events back until it has a block of them.
UNCOMPRESSED: Final = "uncompressed"

# Runs something in a new transaction of the same actor on the same athlete. It raises a Problem, or what app.act_as raises,
# as soon as the actor may no more: a login ended, a grant revoked.
Again = Callable[[Callable[[Transaction], Awaitable[T]]], Awaitable[T]]


class Stream:
    """An answer of server-sent events. They hold no transaction: `events` is given a way to begin one when it needs it."""

    __slots__ = ("events",)

    def __init__(self, events: Callable[[Again[Any]], AsyncGenerator[bytes, None]]) -> None:
        self.events = events


class _StreamingResponse(ASGIStreamingResponse):
    """Closes its generator at once when the client goes away, not when memory is tidied up."""

    async def _stream(self, send: Send) -> None:
        async with aclosing(self.iterator):  # type: ignore[type-var]
            await super()._stream(send)


def response(stream: Stream, again: Again[Any], request_id: UUID) -> ASGIStreamingResponse:
    """The response that sends a stream's events."""
    headers = {
        "x-request-id": str(request_id),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-accel-buffering": "no",  # nginx would wait for 8 kB of them
    }
    return _StreamingResponse(iterator=_quiet(stream.events(again)), media_type=EVENTS, headers=headers, status_code=200)


async def _quiet(events: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The events up to where the actor may no more, or the database is away: the client connects again and is told why."""
    async with aclosing(events):
        try:
            async for event in events:
                yield event
        except (Problem, asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return
