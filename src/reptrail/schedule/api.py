"""The routes of the calendar and its feeds."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.errors import not_found
from reptrail.http.edge import CREATED, NO_CONTENT, NOT_MODIFIED, Answer, Contents, answers
from reptrail.http.paging import Page, decode_cursor, encode_cursor
from reptrail.schedule import actions, queries
from reptrail.schedule.wire import Calendar, CalendarQuery, FeedIn, FeedPage, MadeFeed, NoQuery

ICALENDAR = "text/calendar"  # the edge says that it is UTF-8


async def read_calendar(tx: Transaction, query: CalendarQuery) -> Answer[Calendar]:
    """The calendar by day: what was done, missed and is planned. A planned session without a time is not in it.

    Without `from` and `to` the current month where the athlete is; 400 days at most. What was done stands on the day it
    began, what is planned on the day it is planned for.
    """
    found = await tx.json(queries.CALENDAR, tx.athlete, query.from_, query.to, clock.now())
    if found is None:
        raise not_found()
    return Answer(found)


async def list_feeds(tx: Transaction, query: Page) -> Answer[FeedPage]:
    """One's calendar feeds, newest first, without their secrets."""
    after = decode_cursor(query.cursor, datetime, UUID)
    rows = await tx.rows(queries.FEEDS, tx.athlete, *after, query.limit + 1)
    shown = rows[: query.limit]
    last = shown[-1] if len(rows) > query.limit else None
    items = [msgspec.Raw(row["document"].encode()) for row in shown]
    return Answer({"items": items, "next_cursor": None if last is None else encode_cursor(last["created_at"], last["id"])})


@answers(statuses=(CREATED,))
async def make_feed(tx: Transaction, body: FeedIn) -> Answer[MadeFeed]:
    """Makes a calendar feed. The address under which calendars read it is in this answer and nowhere else, then or later."""
    document, feed_path = await actions.make_feed(tx, body.feed_name)
    return Answer({**msgspec.json.decode(document), "feed_path": feed_path}, status=CREATED, keep=False)


async def revoke_feed(tx: Transaction, feed_id: UUID) -> Answer[None]:
    """Revokes a calendar feed at once."""
    await actions.revoke_feed(tx, feed_id)
    return Answer(status=NO_CONTENT)


@answers(statuses=(200, NOT_MODIFIED), etag=True, media_type=ICALENDAR)
async def read_feed(tx: Transaction, file_name: str, query: NoQuery, request: Request[Any, Any, Any]) -> Answer[str]:
    """A calendar feed, as iCalendar (RFC 5545). Whoever has the address reads it, until it is revoked.

    What was done in the last 90 days and what is planned from today on, 400 days ahead. 304 without a body where the ETag
    sent in If-None-Match still fits.
    """
    del query
    text = await actions.read_feed(tx, file_name)
    return Contents(text.encode(), ICALENDAR, request.headers.get("if-none-match"))
