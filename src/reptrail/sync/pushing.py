"""Pushing: operations in order, each applied once or told why not, none of them able to lose another.

Each is written within a savepoint by the action that its route calls. Inserts of the same kind that follow each other (the
sets of a session logged without signal) are tried together first: 200 of them are then seven round trips, not 1,600.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, not_found
from reptrail.http import problems
from reptrail.sync import queries
from reptrail.sync.operations import DECODERS, ONE_OF_A_KIND, PEOPLES, Kind, Target, find_kind, find_row
from reptrail.sync.rules import Action, Applied, Status, Verdict, changed_by_others, content_hash, judge
from reptrail.sync.wire import OperationIn

# What an action says of a row's id is said of the operation's row_id, and all else of its fields.
_NOT_IN_FIELDS = ("/id", "/table", "/action")
# What a bug of ours raises; and the classes of SQLSTATE that are about a statement and what it was given, not about the server.
_OURS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
_STATEMENTS_OWN = ("22", "23", "42", "P0")


@dataclass(slots=True)
class Prepared:
    """An operation that can be tried: its kind, and its fields decoded."""

    operation: OperationIn
    kind: Kind
    body: Any
    hash: bytes

    @property
    def group(self) -> tuple[object, ...]:
        """What those that can be written together share."""
        return self.operation.table, self.operation.action, self.kind.group(self.body)


@dataclass(slots=True)
class Outcome:
    """What became of an operation. `row_id` is the row's own id, which for a new performance is not the operation's."""

    operation: OperationIn
    status: Status
    row_id: UUID
    applied: Applied | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class Push:
    """One push under way."""

    tx: Transaction
    scopes: frozenset[str]
    applied: dict[UUID, Applied]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    # Rows whose making was refused in this push, and by which operation.
    refused_rows: dict[UUID, UUID] = field(default_factory=dict)
    fresh: dict[UUID, Applied] = field(default_factory=dict)

    async def run(self, operations: Sequence[OperationIn]) -> list[Outcome]:
        """Tries all operations, in order; returns their outcomes in the same order."""
        for place, run in _runs([self._prepare(operation) for operation in operations]):
            await self._try_run(place, run)
        return [self.outcomes[place] for place in range(len(operations))]

    async def _try_run(self, place: int, run: Sequence[Prepared | Outcome]) -> None:
        """All of a run together; where that is refused each half of it, so that one among 200 is found in 16 tries."""
        if len(run) == 1:
            self._note(place, await self._try(run[0]))
        elif not await self._try_together(place, run):
            half = len(run) // 2
            await self._try_run(place, run[:half])
            await self._try_run(place + half, run[half:])

    def _note(self, place: int, outcome: Outcome) -> None:
        operation = outcome.operation
        self.outcomes[place] = outcome
        if outcome.applied is not None and operation.id not in self.applied:
            self.applied[operation.id] = self.fresh[operation.id] = outcome.applied
        if operation.action is Action.INSERT:
            self.refused_rows.pop(operation.row_id, None)
            if outcome.status is Status.REFUSED:
                self.refused_rows[operation.row_id] = operation.id

    def _prepare(self, operation: OperationIn) -> Prepared | Outcome:
        said = content_hash(operation.table, operation.row_id, operation.action, operation.verb, operation.fields)
        known = self.applied.get(operation.id)
        if known is not None:  # before it is looked at: what was right when it was applied need not be by now
            return _repeated(operation, said, known)
        try:
            kind = find_kind(operation.table, operation.action, operation.verb)
            self._require_scope(kind)
            body = DECODERS[kind.fields].decode(msgspec.json.encode(operation.fields))
        except Problem as problem:
            return _refused(operation, problem)
        return Prepared(operation, kind, body, said)

    def _require_scope(self, kind: Kind) -> None:
        if kind.scope is not None and kind.scope not in self.scopes:
            raise Problem("forbidden", f"the scope {kind.scope} is needed")
        if kind.ways and self.scopes.isdisjoint(kind.ways):
            raise Problem("forbidden", "only the athlete may do this")

    # --- One operation -----------------------------------------------------------------------------------------------

    async def _try(self, prepared: Prepared | Outcome) -> Outcome:
        if isinstance(prepared, Outcome):
            return prepared
        operation = prepared.operation
        known = self.applied.get(operation.id)
        if known is not None:
            return _repeated(operation, prepared.hash, known)
        try:
            self._require_foundation(prepared)
            async with self.tx.savepoint(operation.id):
                return await self._apply(prepared)
        except Problem as problem:
            return _refused(operation, problem)
        except (asyncpg.PostgresError, *_OURS) as error:
            return _refused(operation, _meant(error, operation.id))

    def _require_foundation(self, prepared: Prepared) -> None:
        """Raises Problem (depends-on-refused) for what is about a row whose making was refused just now."""
        operation = prepared.operation
        named = {value for value in prepared.body.given().values() if isinstance(value, UUID)}
        if operation.action is not Action.INSERT:
            named.add(operation.row_id)
        for row_id in named & self.refused_rows.keys():
            blocking = self.refused_rows[row_id]
            raise Problem("depends-on-refused", f"send it again when {blocking} is mended", extra={"operation_id": blocking})

    async def _apply(self, prepared: Prepared) -> Outcome:
        operation = prepared.operation
        row = await find_row(self.tx, operation.table, operation.row_id, prepared.body)
        if row is None and operation.action is not Action.INSERT:
            raise not_found()
        if row is None or _is_made_by(prepared, row):
            return await self._insert(prepared, row)
        if not row["is_active"]:
            if operation.action is Action.DELETE:
                return self._said_already(prepared, row)
            return Outcome(operation, Status.CONFLICT, row["id"])
        # What the system keeps of a row by itself is nobody's edit.
        changed = await self._changed_since(operation, row) & PEOPLES.get(operation.table, frozenset())
        verdict = _verdict(prepared, row, changed)
        if verdict is Verdict.CONFLICT:
            return Outcome(operation, Status.CONFLICT, row["id"])
        if verdict is Verdict.SAID_ALREADY:
            return self._said_already(prepared, row)
        await prepared.kind.write(self.tx, Target(row["id"], row["session_id"]), prepared.body)
        status = Status.MERGED if verdict is Verdict.MERGE else Status.APPLIED
        return await self._written(prepared, status, row["version"] + 1)

    async def _insert(self, prepared: Prepared, row: asyncpg.Record | None) -> Outcome:
        await prepared.kind.write(self.tx, Target(prepared.operation.row_id), prepared.body)
        if row is None or not row["is_active"]:
            return await self._written(prepared, Status.APPLIED, 1 if row is None else row["version"] + 1)
        return await self._written(prepared, Status.ALREADY_APPLIED, 1)

    async def _written(self, prepared: Prepared, status: Status, first_version: int) -> Outcome:
        """The outcome of what was just written; of what was there before, only its first version is the operation's."""
        operation = prepared.operation
        row = await find_row(self.tx, operation.table, operation.row_id, prepared.body)
        if row is None:
            raise not_found()
        last_version = first_version if status is Status.ALREADY_APPLIED else row["version"]
        applied = Applied(prepared.hash, operation.table, row["id"], first_version, last_version)
        return Outcome(operation, status, row["id"], applied)

    def _said_already(self, prepared: Prepared, row: asyncpg.Record) -> Outcome:
        version: int = row["version"]
        applied = Applied(prepared.hash, prepared.operation.table, row["id"], version + 1, version)
        return Outcome(prepared.operation, Status.ALREADY_APPLIED, row["id"], applied)

    async def _changed_since(self, operation: OperationIn, row: asyncpg.Record) -> frozenset[str]:
        """The columns that others changed since the version an operation was based on; all of them if there was no such one."""
        base, version = operation.base_version, row["version"]
        if operation.action is Action.INSERT and base is None:  # of what is there already: what nobody filled in, anybody may
            return frozenset(name for name, value in row.items() if value not in (None, 0))
        if base is None and not operation.after:
            return frozenset()
        base = base or 0
        if base == version:
            return frozenset()
        if base > version:  # the server lost history that the client has seen
            return frozenset(row.keys())
        found = await self.tx.rows(queries.CHANGED_SINCE, self.tx.athlete, operation.table, row["id"], base)
        own = [self.applied[i] for i in operation.after if i in self.applied and self.applied[i].row_id == row["id"]]
        known = {each["version"] for each in found}.union(*(range(a.first_version, a.last_version + 1) for a in own))
        if not known.issuperset(range(base + 1, version + 1)):  # a goal's changes are shown to its athlete alone
            return frozenset(row.keys())
        return changed_by_others([(each["version"], each["columns"]) for each in found], own, base)

    # --- Several at once ---------------------------------------------------------------------------------------------

    async def _try_together(self, place: int, run: Sequence[Prepared | Outcome]) -> bool:
        """Writes inserts together if each would be written alone; otherwise nothing is, and the answer is no."""
        several = [prepared for prepared in run if isinstance(prepared, Prepared)]
        ids = [prepared.operation.row_id for prepared in several]
        many = several[0].kind.many if several else None
        known = any(prepared.operation.id in self.applied for prepared in several)
        if many is None or known or len(set(ids)) < len(run) or len({p.operation.id for p in several}) < len(run):
            return False
        table = several[0].operation.table
        try:
            for prepared in several:
                self._require_foundation(prepared)
            async with self.tx.savepoint(self.tx.request_id):
                present = {row["id"] for row in await self.tx.rows(queries.PRESENT[table], self.tx.athlete, ids)}
                await many(self.tx, [(prepared.operation.row_id, prepared.body) for prepared in several])
        except Problem:
            return False
        except (asyncpg.PostgresError, *_OURS) as error:
            _meant(error, self.tx.request_id)
            return False
        for offset, prepared in enumerate(several):
            row_id = prepared.operation.row_id
            status = Status.ALREADY_APPLIED if row_id in present else Status.APPLIED
            applied = Applied(prepared.hash, table, row_id, 1, 1)
            self._note(place + offset, Outcome(prepared.operation, status, row_id, applied))
        return True


def _runs(prepared: Sequence[Prepared | Outcome]) -> Iterator[tuple[int, list[Prepared | Outcome]]]:
    """Operations that follow each other and can be written together, with the place of the first."""

    def group(item: tuple[int, Prepared | Outcome]) -> object:
        place, each = item
        return each.group if isinstance(each, Prepared) and each.kind.many is not None else place

    for _, items in groupby(enumerate(prepared), key=group):
        run = list(items)
        yield run[0][0], [each for _, each in run]


def _is_made_by(prepared: Prepared, row: asyncpg.Record) -> bool:
    """Whether an operation makes this row, or would have: all inserts, but that of the one of its kind which is there already."""
    operation = prepared.operation
    return operation.action is Action.INSERT and (operation.table not in ONE_OF_A_KIND or not row["is_active"])


def _verdict(prepared: Prepared, row: asyncpg.Record, changed: frozenset[str]) -> Verdict:
    operation = prepared.operation
    if operation.action is Action.DELETE:
        return Verdict.CONFLICT if changed else Verdict.WRITE
    given = {name: _as_column(value, row[name]) for name, value in prepared.body.given().items() if name in row.keys()}  # noqa: SIM118
    verdict = judge(given, dict(row), changed)
    if operation.action is Action.VERB and verdict is Verdict.SAID_ALREADY:
        return Verdict.WRITE  # a verb says more than its fields
    return verdict


def _as_column(value: Any, standing: Any) -> Any:
    """A field as its column is read: a time of day is a text on the wire, and plates come in any order."""
    if isinstance(standing, list) and isinstance(value, list) and any(isinstance(each, float) for each in value):
        said = sorted(Decimal(str(each)) for each in value)
        return standing if said == sorted(standing) else said
    return time.fromisoformat(value) if isinstance(standing, time) and isinstance(value, str) else value


def _repeated(operation: OperationIn, said: bytes, known: Applied) -> Outcome:
    if known.content_hash != said:
        taken = Problem("id-taken", "an operation with this id said something else", [FieldError("/id", "is taken")])
        return Outcome(operation, Status.REFUSED, operation.row_id, problem=taken)
    return Outcome(operation, Status.ALREADY_APPLIED, known.row_id, known)


def _refused(operation: OperationIn, problem: Problem) -> Outcome:
    errors = [_pointed(error) for error in problem.errors]
    return Outcome(operation, Status.REFUSED, operation.row_id, problem=replace(problem, errors=errors))


def _pointed(error: FieldError) -> FieldError:
    """An error of an action or a body, its pointer leading into the operation that the body came in."""
    if error.pointer not in _NOT_IN_FIELDS:
        return FieldError("/fields" + error.pointer, error.detail)
    return FieldError("/row_id", error.detail) if error.pointer == "/id" else error


def _meant(error: Exception, operation_id: UUID) -> Problem:
    """What an error means to the client. A bug of ours is logged, and refuses what met it, not all that waits behind it.

    Raises:
        asyncpg.PostgresError: the error itself, where it is no operation's fault: then the push ends, and can be sent again whole.
    """
    if isinstance(error, asyncpg.PostgresError) and not (error.sqlstate or "").startswith(_STATEMENTS_OWN):
        problem = problems.from_database(error)
        if problem is None or problem.slug == "unavailable":
            raise error
        return problem
    return problems.from_exception(error, operation_id)
