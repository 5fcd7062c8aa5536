"""ETag and If-Match: a write that names the version it was based on is refused when the row has moved on."""

import re

import msgspec

from reptrail.errors import Problem, invalid

# An int4, in quotes as we gave it, or bare, as some clients' libraries strip them.
_VERSION = re.compile(r'"([0-9]{1,9})"|([0-9]{1,9})')


def etag(version: int) -> str:
    """The entity tag of a row's version."""
    return f'"{version}"'


def parse_if_match(header: str | None) -> int | None:
    """The version an If-Match header names; None for no header or `*`.

    Raises:
        Problem: invalid, if it is not one strong entity tag of ours.
    """
    if header is None or header.strip() == "*":
        return None
    found = _VERSION.fullmatch(header.strip())
    if found is None:
        raise invalid("header/If-Match", 'must be one ETag as this API gave it, such as "3"')
    return int(found[1] or found[2])


def changed(current: bytes) -> Problem:
    """412 with the row as it now stands, so that the client can show both versions. `current` is its JSON."""
    return Problem("precondition-failed", extra={"current": msgspec.Raw(current)})
