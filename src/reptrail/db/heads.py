"""Watching the heads of ledgers: whoever listens for an athlete's changes is woken within a second of one."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final
from uuid import UUID

import asyncpg
import structlog

from reptrail.errors import Problem
from reptrail.ids import uuid7

if TYPE_CHECKING:
    from reptrail.db.pool import Database

log = structlog.get_logger(__name__)

POLL_SECONDS: Final = 1.0
# For each who listens, so that a coach cannot take the athlete's own place.
MAX_PER_LISTENER: Final = 20

HEADS = "SELECT h.user_id, h.seq FROM change_head h WHERE h.user_id = ANY ($1)"


class Listener:
    """Somebody who waits for an athlete's next change. `seq` is the newest there is, `closed` whether the server ends."""

    __slots__ = ("_woken", "actor", "closed", "seq")

    def __init__(self, actor: UUID | None, seq: int) -> None:
        self.actor = actor
        self.seq = seq
        self.closed = False
        self._woken = asyncio.Event()

    def wake(self, seq: int) -> None:
        """Tells of a newer change."""
        if seq != self.seq:
            self.seq = seq
            self._woken.set()

    def close(self) -> None:
        """Tells that nothing comes any more."""
        self.closed = True
        self._woken.set()

    async def moved(self, timeout_seconds: float) -> bool:
        """Waits for something to tell; False if there was nothing within the time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), timeout_seconds)
        found = self._woken.is_set()
        self._woken.clear()
        return found


class Heads:
    """The heads that this process watches: one statement a second over all of them, and none while nobody listens.

    Rejected: LISTEN and NOTIFY. It holds a connection, and notifying takes one lock of the whole instance at each commit.
    """

    def __init__(self, database: "Database") -> None:
        self._database = database
        self._listeners: dict[UUID, set[Listener]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def count(self) -> int:
        """How many are listening."""
        return sum(map(len, self._listeners.values()))

    def require_room(self, athlete: UUID, actor: UUID | None, limit: int) -> None:
        """Raises Problem (too-many-streams) unless the actor may listen to this athlete once more."""
        own = sum(listener.actor == actor for listener in self._listeners.get(athlete, ()))
        if self.count >= limit or own >= MAX_PER_LISTENER:
            raise Problem("too-many-streams", headers={"Retry-After": "30"})

    @contextmanager
    def listening(self, athlete: UUID, actor: UUID | None, seq: int, limit: int) -> Iterator[Listener]:
        """The actor listens to an athlete's changes after `seq`, as long as the block lasts.

        The place is looked for and taken in one step: of many who begin at once none is one too many.

        Raises:
            Problem: as `require_room`.
        """
        self.require_room(athlete, actor, limit)
        listener = Listener(actor, seq)
        listener.closed = self._closed
        self._listeners.setdefault(athlete, set()).add(listener)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            yield listener
        finally:
            others = self._listeners[athlete]
            others.discard(listener)
            if not others:
                del self._listeners[athlete]

    def close(self) -> None:
        """Ends all listening, now and from here on: the server is shutting down."""
        self._closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.close()

    async def _watch(self) -> None:
        while self._listeners and not self._closed:
            try:
                async with self._database.act_as_system(None, uuid7()) as tx:
                    rows = await tx.rows(HEADS, list(self._listeners))
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                log.warning("heads_not_read", error=str(error))  # the listeners find out by themselves
            else:
                for row in rows:
                    for listener in self._listeners.get(row["user_id"], ()):
                        listener.wake(row["seq"])
            await asyncio.sleep(POLL_SECONDS)
