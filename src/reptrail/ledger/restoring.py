"""Bringing rows back from the ledger: a row, a session with all that hangs on it, an import.

Apart from actions.py because the two together pass 400 lines and have nothing in common but the ledger they read.
Restoring is a write like any other: it is a change in the ledger itself, and can be gone back on.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from reptrail.db.pool import Transaction
from reptrail.errors import Problem, invalid, not_found
from reptrail.http.preconditions import changed
from reptrail.http.problems import from_database
from reptrail.ledger import queries
from reptrail.ledger.rules import RESTORED_COLUMNS, RestorableTable
from reptrail.measurements.actions import refresh_calculated
from reptrail.measurements.rules import MeasurementSource
from reptrail.training.actions import session_restored
from reptrail.training.rules import SessionStatus
from reptrail.training.sets import summarize

SESSION: Final = "user_workout_session"
PERFORMANCE: Final = "user_exercise_performance"
SET: Final = "user_set_performance"
MEASUREMENT: Final = "user_measurement"
# What a session needs but does not consist of: comes back if it went with the session, and is never rewound with it.
_NEEDED_BY_SESSION: Final = {"exercise", "workout", "workout_revision"}

_decode = msgspec.json.decode


class RestoredRow(msgspec.Struct, frozen=True):
    """A row that a restore wrote, as it now stands."""

    table: str
    id: UUID
    version: int
    is_active: bool


@dataclass(slots=True)
class _Plan:
    """What is to be brought back: by table, rows and the change after which each stood as wanted; and what is to go.

    `hidden_only`: rows that are there again already are left as they are. `unfinished` is the request that the point in
    time lies in the middle of.
    """

    hidden_only: bool
    rows: dict[str, dict[UUID, int]] = field(default_factory=lambda: defaultdict(dict))
    gone: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    unfinished: UUID | None = None

    def ids(self, table: str) -> list[UUID]:
        """Every row of a table that the plan names."""
        return [*self.rows.get(table, ()), *self.gone.get(table, ())]


async def restore_row(
    tx: Transaction, table: RestorableTable, row_id: UUID, seq: int | None, if_match: int | None
) -> list[RestoredRow]:
    """Brings a row back as it stood after change `seq`, by default as before it was deleted, with all that hangs on it.

    Without `seq` exactly those parts come back that went in the same request: a set that was deleted before its session
    stays deleted. With `seq` all of it stands as it stood then, and what was created later is hidden. Nothing is written
    where nothing differs; the rows returned are those written.

    Raises:
        Problem: not-found; precondition-failed; not-editable (a calculated measurement); invalid (no such change, or the
            row was not there yet); conflict (it is not deleted and no `seq` was given, what it hangs on is deleted, or a
            name is taken by now); session-in-progress; summary-out-of-range.
    """
    row = await _find(tx, table, row_id, if_match)
    if table == MEASUREMENT and _decode(row["document"])["measurement_source"] == MeasurementSource.CALCULATED:
        raise Problem("not-editable", "it is calculated from other measurements: restore those")
    if seq is None:
        plan = await _as_before_deletion(tx, table, row_id, is_active=row["is_active"])
    else:
        plan = await _as_of(tx, table, row_id, seq)
    if table == SESSION:
        await _refuse_second_in_progress(tx, row_id, plan.rows[table][row_id])
    written = await _write(tx, plan)
    if table == SESSION:
        await session_restored(tx, row_id)
    if await tx.row(queries.LOST_ROWS, tx.athlete, [row_id]) is not None:
        raise Problem("conflict", "the performance or session it belongs to is deleted: restore that")
    return written


async def restore_import(tx: Transaction, import_id: UUID, if_match: int | None) -> list[RestoredRow]:
    """Brings an undone import back whole: every row that undoing it hid and that is still hidden.

    Raises:
        Problem: not-found; precondition-failed; conflict (it is not undone, the same file was imported again since, or a
            name is taken by now); summary-out-of-range.
    """
    row = await _find(tx, "import", import_id, if_match)
    undone = await tx.row(queries.LAST_UNDONE, tx.athlete, import_id)
    if undone is None or _decode(row["document"])["import_status"] != "UNDONE":
        raise Problem("conflict", "this import is not undone")
    plan = _Plan(hidden_only=True)
    await _add_hidden(tx, plan, undone["request_id"], None)
    others = await _leave_to_others(tx, plan, import_id)
    written = await _written(tx, "import", queries.RESTORE["import"], [import_id], [undone["seq"] - 1], True)  # noqa: FBT003
    written += await _write(tx, plan)
    written += await _sum_up(tx, others, [], None)
    written += await _written(tx, "exercise", queries.SHOW_EXERCISES, import_id)
    if await tx.row(queries.IMPORTED_AGAIN, tx.athlete, import_id) is not None:
        raise Problem("conflict", "what it brought was imported again since: undo that import first")
    return written


async def _leave_to_others(tx: Transaction, plan: _Plan, import_id: UUID) -> list[UUID]:
    """Takes out of a plan what undoing this import hid but another import had brought that is undone by now; returns it."""
    ids = [id_ for rows in plan.rows.values() for id_ in rows]
    others = {row["id"] for row in await tx.rows(queries.OF_UNDONE_IMPORTS, tx.athlete, ids, import_id)}
    for rows in plan.rows.values():
        for id_ in others & rows.keys():
            del rows[id_]
    return list(others)


async def _find(tx: Transaction, table: str, row_id: UUID, if_match: int | None) -> asyncpg.Record:
    row = await tx.row(queries.FIND_ROW[table], tx.athlete, row_id)
    if row is None:
        raise not_found()
    if if_match is not None and row["version"] != if_match:
        raise changed(row["document"].encode())
    return row


async def _as_before_deletion(tx: Transaction, table: str, row_id: UUID, *, is_active: bool) -> _Plan:
    hidden = None if is_active else await tx.row(queries.LAST_HIDDEN, tx.athlete, table, row_id)
    if hidden is None:
        raise Problem("conflict", "it is not deleted: name the change (seq) to go back to")
    plan = _Plan(hidden_only=True)
    plan.rows[table][row_id] = hidden["seq"] - 1
    parts = await tx.rows(queries.PARTS, tx.athlete, row_id, table)
    if parts:
        await _add_hidden(tx, plan, hidden["request_id"], [part["id"] for part in parts])
    return plan


async def _add_hidden(tx: Transaction, plan: _Plan, request_id: UUID | None, ids: list[UUID] | None) -> None:
    """Adds what a request hid, each row as it stood just before."""
    for row in await tx.rows(queries.HIDDEN_BY, tx.athlete, request_id, ids):
        if row["table_name"] in RESTORED_COLUMNS:
            rows = plan.rows[row["table_name"]]
            rows[row["id"]] = max(rows.get(row["id"], 0), row["seq"] - 1)


async def _as_of(tx: Transaction, table: str, row_id: UUID, seq: int) -> _Plan:
    at = await tx.row(queries.CHANGE_AT, tx.athlete, seq)
    if at is None:
        raise invalid("/seq", "there is no such change")
    plan = _Plan(hidden_only=False, unfinished=at["unfinished"])
    parts = [(part["table_name"], part["id"]) for part in await tx.rows(queries.PARTS, tx.athlete, row_id, table)]
    if table == SESSION:
        parts = [part for part in parts if part[0] not in _NEEDED_BY_SESSION]
    wanted = [(str(table), row_id), *parts]
    there = {row["id"] for row in await tx.rows(queries.THERE_AT, tx.athlete, [id_ for _, id_ in wanted], seq)}
    if row_id not in there:
        raise invalid("/seq", "the row was not there yet")
    for name, id_ in wanted:
        if id_ in there:
            plan.rows[name][id_] = seq
        else:
            plan.gone[name].append(id_)
    return plan


async def _refuse_second_in_progress(tx: Transaction, session_id: UUID, seq: int) -> None:
    other = await tx.value(queries.SESSION_IN_PROGRESS, tx.athlete, session_id)
    if other is None:
        return
    image = await tx.row(queries.IMAGES[SESSION], tx.athlete, [session_id], [seq])
    stood: dict[str, Any] = {} if image is None else _decode(image["image"])
    if stood.get("is_active") and stood.get("session_status") == SessionStatus.IN_PROGRESS:
        raise Problem("session-in-progress", "complete or cancel it first", extra={"session_id": other})


async def _write(tx: Transaction, plan: _Plan) -> list[RestoredRow]:
    written: list[RestoredRow] = []
    # In the order of RESTORED_COLUMNS: what others point at first.
    for table in RESTORED_COLUMNS:
        rows = plan.rows.get(table)
        if rows:
            seqs = list(rows.values())
            written += await _written(tx, table, queries.RESTORE[table], list(rows), seqs, not plan.hidden_only)
        if plan.gone.get(table):
            written += await _written(tx, table, queries.HIDE[table], plan.gone[table])
    tables = {row.table for row in written}
    if tables & {SET, PERFORMANCE}:
        written = _latest([*written, *await _summarize(tx, plan, written)])
    if MEASUREMENT in tables:
        await refresh_calculated(tx)
    return written


async def _written(tx: Transaction, table: str, sql: str, *args: Any) -> list[RestoredRow]:
    try:
        rows = await tx.rows(sql, tx.athlete, *args)
    except asyncpg.UniqueViolationError as error:
        known = from_database(error)
        if known is None:
            raise
        # The field it names is the row's, not one of this request.
        raise Problem(known.slug, "; ".join(each.detail for each in known.errors)) from None
    return [RestoredRow(table, row["id"], row["version"], row["is_active"]) for row in rows]


async def _summarize(tx: Transaction, plan: _Plan, written: list[RestoredRow]) -> list[RestoredRow]:
    """Makes the performances whose sets came back or went, and whose own row does not say so yet, their exact summary."""
    if plan.hidden_only:
        sets, performances = ([row.id for row in written if row.table == table] for table in (SET, PERFORMANCE))
    else:
        sets, performances = plan.ids(SET), plan.ids(PERFORMANCE)
    return await _sum_up(tx, sets, performances, plan.unfinished)


async def _sum_up(tx: Transaction, sets: list[UUID], performances: list[UUID], unfinished: UUID | None) -> list[RestoredRow]:
    by_session: dict[UUID, dict[UUID, tuple[UUID | None, UUID]]] = defaultdict(dict)
    for row in await tx.rows(queries.TO_SUMMARIZE, tx.athlete, sets, performances, unfinished):
        by_session[row["user_workout_session_id"]][row["id"]] = (row["exercise_instruction_id"], row["exercise_id"])
    return [
        RestoredRow(PERFORMANCE, row["id"], row["version"], is_active=True)
        for session_id, due in by_session.items()
        for row in await summarize(tx, session_id, due)
    ]


def _latest(rows: Iterable[RestoredRow]) -> list[RestoredRow]:
    """Each row once, as it was written last."""
    return list({(row.table, row.id): row for row in rows}.values())
