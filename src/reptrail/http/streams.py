"""Answers that go on: what a handler says after its transaction has ended, until nobody listens any more."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, BinaryIO, Final, TypeVar
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

ZIP: Final = "application/zip"
SENT_AS_IT_IS: Final = (EVENTS, ZIP)
_BLOCK_BYTES: Final = 64 * 1024

# Runs something in a new transaction of the same actor on the same athlete. It raises a Problem, or what app.act_as raises,
# as soon as the actor may no more: a login ended, a grant revoked.
Again = Callable[[Callable[[Transaction], Awaitable[T]]], Awaitable[T]]


class Stream:
    """An answer of server-sent events. They hold no transaction: `events` is given a way to begin one when it needs it."""

    __slots__ = ("events",)

    def __init__(self, events: Callable[[Again[Any]], AsyncGenerator[bytes, None]]) -> None:
        self.events = events


class Download:
    """An answer that is a file: whole, open for reading, and closed when it is sent or nobody wants it any more."""

    __slots__ = ("file", "file_name", "media_type")

    def __init__(self, file: BinaryIO, file_name: str, media_type: str) -> None:
        self.file = file
        self.file_name = file_name
        self.media_type = media_type


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


def download(answer: Download, request_id: UUID) -> ASGIStreamingResponse:
    """The response that sends a file, a block at a time; `file_name` is ours, of ASCII letters, digits, dots and hyphens."""
    headers = {
        "x-request-id": str(request_id),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-disposition": f'attachment; filename="{answer.file_name}"',
        "content-length": str(answer.file.seek(0, os.SEEK_END)),
    }
    answer.file.seek(0)
    return _StreamingResponse(iterator=_blocks(answer.file), media_type=answer.media_type, headers=headers, status_code=200)


async def _blocks(file: BinaryIO) -> AsyncGenerator[bytes, None]:
    with file:
        while block := await asyncio.to_thread(file.read, _BLOCK_BYTES):
            yield block
