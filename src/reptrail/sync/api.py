"""Sync over HTTP: parse, call, answer."""

from functools import partial
from typing import Any

from litestar import Request

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.http.edge import JSON, NOT_MODIFIED, Answer, Contents, Services, answers
from reptrail.http.streams import EVENTS, Stream
from reptrail.sync import actions
from reptrail.sync.live import Listening, events
from reptrail.sync.wire import CatalogOut, PullOut, PullQuery, PushIn, PushOut

_MAX_DIGITS = 18


@answers("forbidden", "sync-reset")
async def pull(tx: Transaction, query: PullQuery) -> Answer[PullOut]:
    """The rows that changed after `since`, each once and as it stands now, in the order of their last changes.

    A row that is null was deleted. From 0 on it is all there is. Of a coach's athlete, what the grant lets them read.
    """
    return Answer(await actions.pull(tx, query.since, query.mark, query.changes))


async def push(tx: Transaction, body: PushIn) -> Answer[PushOut]:
    """Apply operations that were done without signal, in order; one that is refused loses no other.

    An operation is applied once, however often it is sent.
    """
    results, head_seq = await actions.push(tx, body.operations)
    return Answer(PushOut(results, head_seq))


@answers(statuses=(200, NOT_MODIFIED), etag=True)
async def catalog(tx: Transaction, request: Request[Any, Any, Any]) -> Answer[CatalogOut]:
    """What the athlete's rows refer to and a pull does not bring: what is built in, and what is pinned of others."""
    return Contents(await actions.catalog_json(tx), JSON, request.headers.get("if-none-match"))


async def first(tx: Transaction) -> Answer[CatalogOut]:
    """What a new device shows first: workouts under way, planned and done last, and what they refer to.

    A pull brings all of it again.
    """
    return Answer(await actions.first_json(tx, clock.now()))


@answers("forbidden", "too-many-streams", media_type=EVENTS)
async def live(tx: Transaction, services: Services, request: Request[Any, Any, Any]) -> Stream:
    """Word of every change, as server-sent events: `head` with the number to pull up to."""
    head = await actions.listen(tx)
    heads, limit = services.database.heads, services.settings.live_streams
    heads.require_room(tx.athlete, tx.actor_id, limit)
    last = request.headers.get("last-event-id", "")
    told = int(last) if last.isdecimal() and len(last) <= _MAX_DIGITS else None
    return Stream(partial(events, Listening(heads, tx.athlete, tx.actor_id, head, told, services.settings.live_seconds, limit)))
