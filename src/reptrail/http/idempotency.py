"""Idempotency-Key: the first answer to a write is kept for 24 hours and given again to a retry."""

import re
from collections.abc import Callable

from reptrail.db.pool import Transaction
from reptrail.errors import Problem, invalid

KEPT_HOURS = 24
MAX_KEY_CHARACTERS = 255
_BOUNDARY = re.compile(r'^multipart/form-data\b.*\bboundary="?([^";,\s]+)', re.IGNORECASE)

FIND = f"""
    SELECT request_hash, status, etag, body FROM idempotency_key
    WHERE user_id = $1 AND actor_id = $2 AND idempotency_key = $3 AND created_at > now() - interval '{KEPT_HOURS} hours'
"""
KEEP = """
    INSERT INTO idempotency_key (user_id, actor_id, idempotency_key, request_hash, status, etag, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (user_id, actor_id, idempotency_key) DO UPDATE SET request_hash = EXCLUDED.request_hash,
        status = EXCLUDED.status, etag = EXCLUDED.etag, body = EXCLUDED.body, created_at = EXCLUDED.created_at
"""
FORGET = f"DELETE FROM idempotency_key WHERE created_at < now() - interval '{KEPT_HOURS} hours'"


def check_key(key: str) -> None:
    """Raises Problem (invalid) unless the header can be a key."""
    if not 1 <= len(key) <= MAX_KEY_CHARACTERS or not key.isascii() or not key.isprintable():
        raise invalid("header/Idempotency-Key", f"must be 1 to {MAX_KEY_CHARACTERS} printable ASCII characters")


def request_hash(sign: Callable[[bytes], bytes], method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same: method, address with its query, and body to the byte.

    Keyed by the server's secret, since some bodies hold a password: a plain hash would let whoever reads the database
    guess it as fast as SHA-256 runs.
    """
    return sign(b"\0".join((b"idempotency", method.encode(), path.encode(), body)))


def without_boundary(body: bytes, content_type: str) -> bytes:
    """A body without the boundary between the parts of a form: clients make a new one for each retry of the same form."""
    found = _BOUNDARY.search(content_type)
    return body if found is None else body.replace(found[1].encode(), b"")


async def find(tx: Transaction, key: str, digest: bytes) -> tuple[int, str | None, bytes] | None:
    """The kept answer (status, ETag, body) of this key.

    The athlete's ledger head is locked by then, so a retry that overtakes its original waits for it.

    Raises:
        Problem: idempotency-key-reused, if the key belongs to another request.
    """
    kept = await tx.row(FIND, tx.athlete, tx.actor_id, key)
    if kept is None:
        return None
    if kept["request_hash"] != digest:
        raise Problem("idempotency-key-reused")
    return kept["status"], kept["etag"], kept["body"]


async def keep(tx: Transaction, key: str, digest: bytes, answer: tuple[int, str | None, bytes]) -> None:
    """Keeps an answer (status, ETag, body) in the transaction of the write it answers."""
    await tx.execute(KEEP, tx.athlete, tx.actor_id, key, digest, *answer)


async def forget(tx: Transaction) -> int:
    """Deletes the answers whose day is over; returns how many. `tx` is the system's with no athlete."""
    return await tx.execute(FORGET)
