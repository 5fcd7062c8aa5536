"""ETag and If-Match: a write that names the version it was based on is refused when the row has moved on."""

import msgspec

from reptrail.errors import Problem, invalid


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
    digits = header.strip().removeprefix('"').removesuffix('"')
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):  # noqa: PLR2004 - an int4
        raise invalid("header/If-Match", 'must be one ETag as this API gave it, such as "3"')
    return int(digits)


def changed(current: bytes) -> Problem:
    """412 with the row as it now stands, so that the client can show both versions. `current` is its JSON."""
    return Problem("precondition-failed", extra={"current": msgspec.Raw(current)})
