"""Live updates: word of every change as server-sent events. They say that there is something to pull, and nothing of it."""

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from reptrail.db.heads import Heads
from reptrail.http.streams import Again
from reptrail.sync import actions

# A proxy that hears nothing for 30 to 60 seconds hangs up, and a right that was taken away must not be used for longer.
HEARTBEAT_SECONDS: Final = 20.0
RETRY_MILLISECONDS: Final = 2000


@dataclass(frozen=True, slots=True)
class Listening:
    """One stream: whose head it was when it began, what the client was told last, after how many seconds it ends.

    `limit` is how many streams this process has at most.
    """

    heads: Heads
    athlete: UUID
    actor: UUID | None
    head: int
    told: int | None
    seconds: float
    limit: int


async def events(stream: Listening, again: Again[Any]) -> AsyncGenerator[bytes, None]:
    """The events of one stream: the head if it is not what the client was told, then each head it moves to.

    At each event, and with each sign of life, it is looked up whether the actor may still listen. At its end the client
    connects again, with a fresh token. A stream for which there is no room any more ends without a word: the next request is
    told why.
    """
    deadline = time.monotonic() + stream.seconds
    with stream.heads.listening(stream.athlete, stream.actor, stream.head, stream.limit) as listener:
        yield b"retry: %d\n\n" % RETRY_MILLISECONDS
        if stream.head != stream.told:
            yield _event(stream.head)
        told = stream.head
        while (left := deadline - time.monotonic()) > 0 and not listener.closed:
            await listener.moved(min(HEARTBEAT_SECONDS, left))
            if listener.closed:
                return
            # Not by who woke us: whoever watches the heads may have been away from the database meanwhile.
            now = await again(actions.listen)
            yield _event(now) if now != told else b": here\n\n"
            told = now


def _event(seq: int) -> bytes:
    return b'id: %d\nevent: head\ndata: {"seq":%d}\n\n' % (seq, seq)
