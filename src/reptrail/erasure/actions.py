"""What can be done about erasure: an account erased, receipts shown, erasures done again after a backup was restored."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from reptrail.db.pool import Transaction
from reptrail.erasure import queries
from reptrail.erasure.wire import Receipt
from reptrail.errors import Problem, not_found
from reptrail.identity.actions import check_password, forget_failures
from reptrail.ids import uuid7

# Ten years of training are gone in seconds; an instance with millions of rows is searched for what points at the account.
_STATEMENT_TIMEOUT: Final = "10min"


async def erase_own(tx: Transaction, password: str, address: str) -> Receipt | Problem:
    """Erases the account of who is signed in, if the password is right; a wrong one is counted, so its problem is returned."""
    refused = await check_password(tx, password, pointer="/password", address=address)
    return await erase(tx) if refused is None else refused


async def erase(tx: Transaction) -> Receipt:
    """Erases the athlete of a transaction of their own, or of the system's on them. Nothing may follow it in the transaction.

    Raises:
        Problem: not-found.
    """
    email = await tx.value(queries.EMAIL, tx.athlete)
    if email is None:
        raise not_found()
    async with tx.as_system():
        await forget_failures(tx, tx.athlete, email)
    await tx.value(queries.TAKE_TIME, _STATEMENT_TIMEOUT)
    row = await tx.row(queries.ERASE, uuid7())
    if row is None:
        raise not_found()
    return _receipt(row)


async def receipts(tx: Transaction) -> list[Receipt]:
    """Every receipt, oldest first; `tx` is the system's."""
    return [_receipt(row) for row in await tx.rows(queries.RECEIPTS)]


async def there_again(tx: Transaction, kept: Sequence[Receipt]) -> list[tuple[UUID, str]]:
    """The accounts, by id and e-mail address, that kept receipts say are gone; `tx` is the system's with no athlete."""
    rows = await tx.rows(queries.THERE_AGAIN, [receipt.subject_hash for receipt in kept])
    return [(row["id"], row["email"]) for row in rows]


def _receipt(row: asyncpg.Record) -> Receipt:
    counts = msgspec.json.decode(row["counts"], type=dict[str, int])
    return Receipt(row["id"], row["subject_hash"], row["erased_at"], dict(sorted(counts.items())), row["receipt_hash"])
