"""What can be done with the calendar: read it, and make, revoke and read its feeds."""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.errors import not_found
from reptrail.http.actor import SECRET_BYTES, secret_hash
from reptrail.ids import uuid7
from reptrail.schedule import queries
from reptrail.schedule.rules import FEED_DAYS_AHEAD, FEED_DAYS_BACK, MAX_FEED_EVENTS, FeedEvent, exercise_line, icalendar

FEED_PATH = "/api/v1/calendar/"
FEED_SUFFIX = ".ics"


async def make_feed(tx: Transaction, feed_name: str) -> tuple[bytes, str]:
    """A new feed: its row as JSON, and the path under which it is read, which holds the secret and exists nowhere else."""
    feed_id, secret = uuid7(), secrets.token_urlsafe(SECRET_BYTES)
    await tx.execute(queries.INSERT_FEED, tx.athlete, feed_id, feed_name.strip(), secret_hash(secret.encode()))
    document: str = await tx.value(queries.FEED, tx.athlete, feed_id)
    return document.encode(), f"{FEED_PATH}{secret}{FEED_SUFFIX}"


async def revoke_feed(tx: Transaction, feed_id: UUID) -> None:
    """Revokes a feed; its address leads nowhere from the next request on.

    Raises:
        Problem: not-found.
    """
    if not await tx.execute(queries.REVOKE_FEED, tx.athlete, feed_id):
        raise not_found()


async def read_feed(tx: Transaction, file_name: str) -> str:
    """The iCalendar text of the feed that a file name, SECRET.ics, is of.

    Raises:
        Problem: not-found.
        asyncpg.PostgresError: with SQLSTATE RT404, for a secret that is nobody's.
    """
    if not file_name.endswith(FEED_SUFFIX):
        raise not_found()
    await tx.read_as_feed(secret_hash(file_name.removesuffix(FEED_SUFFIX).encode()))
    now = clock.now()
    since, until = now - timedelta(days=FEED_DAYS_BACK), now + timedelta(days=FEED_DAYS_AHEAD)
    rows = await tx.rows(queries.FEED_EVENTS, tx.athlete, now, since, until, MAX_FEED_EVENTS)
    return icalendar([_event(row) for row in rows])


def _event(row: Any) -> FeedEvent:
    fields = dict(row)
    exercises = [exercise_line(each) for each in msgspec.json.decode(fields.pop("exercises"))]
    return FeedEvent(**fields, exercises=exercises)
