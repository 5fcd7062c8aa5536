"""Keyset paging: an opaque cursor holds the sort key of the last row, so a page never repeats or skips a row."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from reptrail.errors import invalid
from reptrail.http.bodies import EARLIEST, LATEST, Body

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
MAX_INTEGER = 2**63 - 1  # an int8

Limit = Annotated[int, Meta(ge=1, le=MAX_LIMIT)]
Cursor = Annotated[str, Meta(min_length=1, max_length=500)]


class Page(Body):
    """What every list takes."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None


def encode_cursor(*key: object) -> str:
    """A sort key as a cursor. Its parts are times, dates, ids, numbers or texts."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(cursor: str | None, *types: type) -> tuple[Any, ...]:
    """The sort key of a cursor, each part of its type; as many None as there are types, for no cursor.

    Raises:
        Problem: invalid, if this API never gave such a cursor.
    """
    if cursor is None:
        return tuple(None for _ in types)
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key: tuple[Any, ...] = msgspec.json.decode(raw, type=tuple[types])  # type: ignore[valid-type]
    except (ValueError, binascii.Error, msgspec.DecodeError):
        raise invalid("query/cursor", "is not a cursor of this list") from None
    if not all(_storable(part) for part in key):
        raise invalid("query/cursor", "is not a cursor of this list")
    return key


def _storable(part: object) -> bool:
    """Whether PostgreSQL can hold a part of a key: cursors are not signed, and some are made up."""
    if isinstance(part, datetime):
        return part.tzinfo is not None and EARLIEST <= part < LATEST
    if isinstance(part, str):
        return "\x00" not in part
    return not isinstance(part, int) or -MAX_INTEGER <= part <= MAX_INTEGER


def page_json(row: Any, limit: int) -> bytes:
    """A page of a list whose items PostgreSQL built: {items, next_cursor}.

    `row` has `items` (a JSON array of up to `limit` + 1), `found` (how many) and the key of the last row *of the page*, in
    the columns that begin with `last_`. One row more than the page was asked for, to know whether there is a next one.
    """
    cursor = encode_cursor(*(row[name] for name in row.keys() if name.startswith("last_"))) if row["found"] > limit else None  # noqa: SIM118
    return b'{"items":%b,"next_cursor":%b}' % (row["items"].encode(), msgspec.json.encode(cursor))
