"""What sync does: pull, the catalogue, push, and whether somebody may listen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from reptrail.db.pool import Transaction
from reptrail.errors import Problem, not_found
from reptrail.http import problems
from reptrail.http.paging import MAX_INTEGER
from reptrail.sync import queries
from reptrail.sync.pushing import Outcome, Push
from reptrail.sync.rules import PLANNED_AHEAD, Applied, Status
from reptrail.sync.wire import OperationIn, OperationResult


async def pull(tx: Transaction, since: int, mark: str | None, changes: int) -> bytes:
    """The rows that changed after `since`, as JSON: {changes, next_since, mark, has_more, head_seq}. One statement.

    At most so many `changes` are looked at, so a page may hold few rows, or none, without being the last.

    Raises:
        Problem: forbidden, without any scope to read; sync-reset, if `since` lies ahead of the ledger, or `mark` says that the
            client has read another ledger than this one, or with other scopes.
    """
    row = await tx.row(queries.PULL, tx.athlete, since, min(since + changes, MAX_INTEGER), list(queries.PULLED_TABLES))
    if row is None:
        raise not_found()
    if row["is_blind"]:
        raise _blind()
    if since > row["head_seq"]:
        raise _reset(f"change {since} is not there: the newest is {row['head_seq']}", row["head_seq"])
    if mark is not None and since > 0 and mark != row["since_mark"]:
        raise _reset("the history up to there, or what you may see of it, is another one", row["head_seq"])
    return b'{"changes":%b,"next_since":%d,"mark":"%b","has_more":%b,"head_seq":%d}' % (
        row["changes"].encode(),
        row["until"],
        row["until_mark"].encode(),
        b"true" if row["until"] < row["head_seq"] else b"false",
        row["head_seq"],
    )


def _reset(detail: str, head_seq: int) -> Problem:
    return Problem("sync-reset", detail + "; pull from 0 and keep what you have not pushed", extra={"head_seq": head_seq})


def _blind() -> Problem:
    return Problem("forbidden", "the scope training:read or measurements:read is needed")


async def catalog_json(tx: Transaction) -> bytes:
    """What the athlete's rows refer to and the ledger does not bring, as JSON: {rows}. One statement."""
    rows = await tx.json(queries.CATALOG, tx.athlete)
    return b'{"rows":%b}' % (rows or b"[]")


async def first_json(tx: Transaction, now: datetime) -> bytes:
    """What a new device shows before the rest is there, as JSON: {rows}. One statement, whatever the length of the history."""
    rows = await tx.json(queries.FIRST, tx.athlete, now + PLANNED_AHEAD)
    return b'{"rows":%b}' % (rows or b"[]")


async def push(tx: Transaction, operations: Sequence[OperationIn]) -> tuple[list[OperationResult], int]:
    """Applies operations in order; returns one result each, and the newest change. What is wrong with one is in its result."""
    asked = list({i for operation in operations for i in (operation.id, *operation.after)})
    known = {
        row["id"]: Applied(row["content_hash"], row["table_name"], row["row_id"], row["first_version"], row["last_version"])
        for row in await tx.rows(queries.APPLIED, tx.athlete, tx.actor_id, asked)
    }
    under_way = Push(tx, frozenset(await tx.value(queries.SCOPES) or ()), known)
    outcomes = await under_way.run(operations)
    await _remember(tx, {outcome.operation.id: outcome for outcome in outcomes}, under_way.fresh)
    return await _results(tx, outcomes), await tx.value(queries.HEAD, tx.athlete)


async def _remember(tx: Transaction, outcomes: Mapping[UUID, Outcome], fresh: Mapping[UUID, Applied]) -> None:
    """Writes down what was applied just now, so that it is applied once."""
    if not fresh:
        return
    await tx.execute(
        queries.REMEMBER,
        tx.athlete,
        tx.actor_id,
        list(fresh),
        [applied.content_hash for applied in fresh.values()],
        [applied.table_name for applied in fresh.values()],
        [applied.row_id for applied in fresh.values()],
        [applied.first_version for applied in fresh.values()],
        [applied.last_version for applied in fresh.values()],
        [outcomes[i].operation.at for i in fresh],
    )


class _Versioned(msgspec.Struct):
    """All that is read of a row that PostgreSQL built."""

    version: int


_decode_version = msgspec.json.Decoder(_Versioned).decode


async def _results(tx: Transaction, outcomes: Sequence[Outcome]) -> list[OperationResult]:
    """What is answered of each operation, with its row as it stands now. One statement."""
    shown = [outcome for outcome in outcomes if outcome.status is not Status.REFUSED]
    tables, ids = [outcome.operation.table for outcome in shown], [outcome.row_id for outcome in shown]
    rows = await tx.rows(queries.ROWS, tx.athlete, tables, ids) if shown else []
    documents = {(row["table_name"], row["row_id"]): row["document"] for row in rows}
    return [_result(tx, outcome, documents.get((outcome.operation.table, outcome.row_id))) for outcome in outcomes]


def _result(tx: Transaction, outcome: Outcome, document: str | None) -> OperationResult:
    operation = outcome.operation
    result = OperationResult(id=operation.id, status=outcome.status, table=operation.table, row_id=outcome.row_id)
    if outcome.problem is not None:
        result.problem = problems.members(outcome.problem, tx.request_id)
        return result
    row: Any = None if document is None else msgspec.Raw(document.encode())
    result.version = None if document is None else _decode_version(document).version
    if outcome.status is Status.CONFLICT:
        result.current, result.yours = row, operation.fields
    else:
        result.row = row
    return result


async def listen(tx: Transaction) -> int:
    """The newest change of an athlete whose changes the actor may be told of.

    Raises:
        Problem: forbidden, without any scope to read.
    """
    row = await tx.row(queries.LISTEN, tx.athlete)
    if row is None:
        raise not_found()
    if row["is_blind"]:
        raise _blind()
    head: int = row["seq"]
    return head
