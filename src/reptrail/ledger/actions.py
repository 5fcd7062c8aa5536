"""What can be read from the ledger, and the proof that it stands: changes, histories, verification."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from reptrail.db.pool import Transaction
from reptrail.errors import Problem, invalid, not_found
from reptrail.http.paging import MAX_INTEGER, encode_cursor, page_json
from reptrail.ledger import queries
from reptrail.ledger.rules import MAX_FINDINGS, Chain, Change, Finding, altered_row, missing_row, unknown_row

# How many numbers one page of changes looks at, whoever may see what of them.
SEQS_A_PAGE: Final = 2000
# Of a verification: what is held in memory at a time. 2,000 changes are about 3 MB.
ROWS_AT_A_TIME: Final = 2000
# The tables whose rows the ledger tells of, for other features.
KEPT_TABLES: Final = queries.KEPT_TABLES


async def changes_page(tx: Transaction, since: int, limit: int) -> bytes:
    """Changes after `since`, in order, as JSON: {items, next_since, next_cursor}. One statement.

    `next_since` is up to where was looked: for a coach that may be further than the last change they see, and a page may
    be short, or empty, without being the last. Where `next_cursor` is null there is no more.

    Raises:
        Problem: forbidden, without any scope to read; invalid, if `since` is after the newest change: then the client knows
            another ledger than this one.
    """
    until = min(since + SEQS_A_PAGE, MAX_INTEGER)
    row = await tx.row(queries.CHANGES, tx.athlete, since, limit + 1, until)
    if row is None:
        raise not_found()
    if row["is_blind"]:
        raise Problem("forbidden", "the scope training:read or measurements:read is needed")
    newest: int = row["head_seq"] or 0
    if since > newest:
        raise invalid("query/since", f"is after the newest change, {newest}")
    next_since = row["last_seq"] if row["found"] > limit else min(until, newest)
    cursor = encode_cursor(next_since) if next_since < newest else None
    return b'{"items":%b,"next_since":%d,"next_cursor":%b}' % (row["items"].encode(), next_since, msgspec.json.encode(cursor))


async def history_page(tx: Transaction, table: str, row_id: UUID, since: int, limit: int, *, with_parts: bool) -> bytes:
    """Every change of a row after `since`, oldest first, as JSON; with its parts, theirs among them in order.

    Raises:
        Problem: not-found, if there is no change of such a row that the actor may see.
    """
    tables, ids = [table], [row_id]
    if with_parts:
        parts = await tx.rows(queries.PARTS, tx.athlete, row_id, table)
        tables += [part["table_name"] for part in parts]
        ids += [part["id"] for part in parts]
    row = await tx.row(queries.HISTORY, tx.athlete, tables, ids, since, limit + 1)
    if row is None or (row["found"] == 0 and since == 0):
        raise not_found()
    return page_json(row, limit)


# --- Verifying -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of one athlete's ledger and rows; nothing is wrong where there are no findings.

    `head_seq` and `head_hash` (SHA-256, hexadecimal) name the newest change: written down elsewhere, they show later
    whether everything was rewritten together, which no chain can show by itself.
    """

    athlete_id: UUID
    changes: int
    head_seq: int
    head_hash: str
    findings: list[Finding]


class _Differing(msgspec.Struct):
    id: UUID
    columns: list[str] | None


_decode_differing = msgspec.json.Decoder(list[_Differing]).decode


async def verify(tx: Transaction) -> Verification:
    """Checks the chain of an athlete's ledger, and every row they have against the ledger's last image of it.

    `tx` is the system's on that athlete: it holds their ledger's head, so nothing is written meanwhile. A bounded number
    of changes and rows is held in memory, however many there are. Columns that a later version added and the ledger has
    not seen are not compared.
    """
    head = await tx.row(queries.HEAD, tx.athlete)
    chain = Chain()
    async for change in _changes(tx):
        chain.feed(change)
    # Of an erased account there is no ledger, and nothing but what others need of it: that, and no more, is in order.
    erased = head is None and chain.changes == 0 and await tx.value(queries.IS_ERASED, tx.athlete) is True
    findings = [] if erased else chain.finish(None if head is None else (head["seq"], head["hash"]))
    for table in [table for table in queries.KEPT_TABLES if not erased or table not in queries.LEFT_BY_ERASURE]:
        count = len(findings)
        async for finding in _compare_rows(tx, table):
            findings.append(finding)
            if len(findings) - count == MAX_FINDINGS:
                break
    return Verification(
        tx.athlete, chain.changes, 0 if head is None else head["seq"], "" if head is None else head["hash"].hex(), findings
    )


async def _changes(tx: Transaction) -> AsyncIterator[Change]:
    """Every change in order, wherever tampering may have put it."""
    since = -MAX_INTEGER
    while True:
        rows = await tx.rows(queries.CHAIN, tx.athlete, since, min(since + ROWS_AT_A_TIME, MAX_INTEGER))
        if rows:
            for row in rows:
                yield Change(**row)
            since = rows[-1]["seq"]
        else:
            following = await tx.value(queries.NEXT_SEQ, tx.athlete, since)
            if following is None:
                return
            since = following - 1


async def _compare_rows(tx: Transaction, table: str) -> AsyncIterator[Finding]:
    last_id: UUID | None = None
    while True:
        page = await tx.row(queries.DIFFERING[table], tx.athlete, last_id, ROWS_AT_A_TIME)
        if page is None or page["found"] == 0:
            break
        last_id = page["last_id"]
        for row in _decode_differing(page["differing"]):
            yield unknown_row(table, row.id) if row.columns is None else altered_row(table, row.id, row.columns)
    for gone in await tx.rows(queries.MISSING[table], tx.athlete, MAX_FINDINGS):
        yield missing_row(table, gone["row_id"])


async def athletes(tx: Transaction) -> list[UUID]:
    """Every account of the instance, active or closed; `tx` is the system's with no athlete."""
    return [row["id"] for row in await tx.rows(queries.ATHLETES)]
