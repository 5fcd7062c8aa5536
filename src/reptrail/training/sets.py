"""What can be done to sets and performances, one function a verb: the hot path of the product.

Apart from actions.py because the two together pass 400 lines (docs/decisions/0004); corrections.py holds the rarer
writes. Logging is three statements: read all there is to know, bring the performances up to date, insert the sets. The
athlete's ledger head is locked by then, so what was read still holds when it is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, not_found
from reptrail.ids import uuid7
from reptrail.training import queries
from reptrail.training.actions import refused
from reptrail.training.rules import (
    LOGGABLE,
    SMALLINT_MAX,
    Bests,
    Lifted,
    SessionStatus,
    SetEntry,
    SetKind,
    SetLoad,
    default_load,
    whole_grams,
)

RECORD_UNITS = {"HEAVIEST_WEIGHT": "kg", "BEST_E1RM": "kg", "LONGEST": "s", "FURTHEST": "m", "MOST_REPS_AT_WEIGHT": "reps"}


class _Best(msgspec.Struct):
    weight_kg: Decimal
    reps: int | None
    e1rm_kg: Decimal | None
    duration_seconds: int | None
    distance_m: Decimal | None


class Target(msgspec.Struct):
    """An instruction of the session that sets are logged for, as the database has it; without an id it is yet to be made."""

    exercise_instruction_id: UUID | None
    exercise_id: UUID
    exercise_name: str
    load: SetLoad
    performance_id: UUID | None
    last_set_number: int
    bests: list[_Best] | None
    previous_performance: msgspec.Raw


def bests_from(rows: Iterable[_Best]) -> Bests:
    """The bests of an exercise from its bests at each weight."""
    found = Bests()
    for best in rows:
        if best.weight_kg and best.reps:
            found.weight_kg = max(found.weight_kg or best.weight_kg, best.weight_kg)
        for name, value in (
            ("e1rm_kg", whole_grams(best.e1rm_kg)),
            ("duration_seconds", best.duration_seconds),
            ("distance_m", best.distance_m),
        ):
            if value is not None and (getattr(found, name) is None or value > getattr(found, name)):
                setattr(found, name, value)
        if best.reps:
            found.reps_at[best.weight_kg] = best.reps
    return found


decode_targets = msgspec.json.Decoder(list[Target]).decode
decode_bests = msgspec.json.Decoder(list[_Best]).decode
# Decimals, so that a repeated request is answered with the very digits of the first.
_stored = msgspec.json.Decoder(list[dict[str, Any]], float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Logged:
    """What logging answers: the sets, the performances as they now stand, and the records broken."""

    sets: list[dict[str, Any]]
    performances: list[dict[str, Any]]
    records: list[dict[str, Any]]


async def log_sets(tx: Transaction, session_id: UUID, entries: Sequence[SetEntry], *, touched: bool = False) -> Logged:
    """Logs sets in one session. A set that is stored already with the same contents is answered, not stored again.

    Three statements, also where an exercise is new to the session: its performance brings the instruction along.

    `touched`: other sets of these performances have been changed in this request, so the summaries are made anew anyway.

    Raises:
        Problem: not-found, verb-not-allowed (the session is neither in progress nor completed), invalid, id-taken,
            summary-out-of-range.
    """
    context = await _context(tx, session_id, entries)
    stored = _already_stored(context, session_id, entries)
    fresh = [entry for entry in entries if entry.id not in stored]
    targets = decode_targets(context["targets"]) if context["targets"] else []
    _name_missing(targets, fresh)
    plan = _assign(fresh, targets)
    performances = await _performances(tx, session_id, (plan, stored), targets, touched=touched)
    sets = await _insert(tx, plan) if plan else []
    return Logged(sets=_in_order(entries, [dict(row) for row in sets], stored), performances=performances, records=_records(plan))


async def _context(tx: Transaction, session_id: UUID, entries: Sequence[SetEntry]) -> asyncpg.Record:
    row = await tx.row(
        queries.LOG_CONTEXT,
        tx.athlete,
        session_id,
        [e.exercise_instruction_id for e in entries if e.exercise_instruction_id],
        [e.exercise_id for e in entries if e.exercise_id],
        [e.id for e in entries],
    )
    if row is None:
        raise not_found()
    require_loggable(SessionStatus(row["session_status"]))
    return row


def require_loggable(status: SessionStatus) -> None:
    """Raises Problem (verb-not-allowed) unless sets may be logged or corrected in this state."""
    if status not in LOGGABLE:
        raise refused(status, "sets are logged while a session is IN_PROGRESS or, as a correction, COMPLETED")


def _already_stored(context: asyncpg.Record, session_id: UUID, entries: Sequence[SetEntry]) -> dict[UUID, dict[str, Any]]:
    """The entries that are stored already, by id.

    Raises:
        Problem: id-taken, if one of them is stored with other contents, in another session, or deleted.
    """
    seen: set[UUID] = set()
    twice = [e for e in entries if e.id in seen or seen.add(e.id)]  # type: ignore[func-returns-value]
    if twice:
        raise Problem("invalid", errors=[FieldError(f"{e.pointer}/id", "occurs twice in this request") for e in twice])
    if context["stored"] is None:
        return {}
    found = {UUID(row["id"]): row for row in _stored.decode(context["stored"])}
    for entry in entries:
        row = found.get(entry.id)
        if row is None:
            continue
        comparable = {**row, **_typed(row)}
        if not row["is_active"] or UUID(row["user_workout_session_id"]) != session_id or not entry.same_as(comparable):
            why = "a set with this id is stored with other contents" if row["is_active"] else "a set with this id was deleted"
            raise Problem("id-taken", why, [FieldError(f"{entry.pointer}/id", "is taken")], {"current": row})
    return found


class _Typed(msgspec.Struct):
    kind: SetKind
    reps: int | None
    weight: Decimal | None
    weight_unit: str | None
    duration_seconds: int | None
    distance_m: Decimal | None
    rpe: Decimal | None
    completed_at: datetime | None
    exercise_id: UUID
    exercise_instruction_id: UUID


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """A stored set's columns as the types of an entry, so that 100 and 100.0 or Z and +00:00 compare equal."""
    return msgspec.structs.asdict(msgspec.convert(row, _Typed))


def _name_missing(targets: Sequence[Target], fresh: Sequence[SetEntry]) -> None:
    """Gives an id to the instruction of each exercise of these sets that has none in the session yet.

    Its performance bears the same id, and so brings the row along (app.bring_instruction), at the end of the session's own
    workout.
    """
    wanted = {entry.exercise_id for entry in fresh}
    for target in targets:
        if target.exercise_instruction_id is None and target.exercise_id in wanted:
            target.exercise_instruction_id = target.performance_id = uuid7()


@dataclass(slots=True)
class _Planned:
    """An entry with all that was left to us decided."""

    entry: SetEntry
    target: Target
    performance_id: UUID
    set_number: int
    load: SetLoad
    bests: Bests


def _assign(entries: Sequence[SetEntry], targets: Sequence[Target]) -> list[_Planned]:
    """Gives each entry its target, performance, number and load.

    Raises:
        Problem: invalid, naming every entry whose instruction is not in this session or whose exercise does not exist.
    """
    by_instruction = {t.exercise_instruction_id: t for t in targets}
    by_exercise: dict[UUID | None, Target] = {}
    for target in targets:
        by_exercise.setdefault(target.exercise_id, target)
        target.performance_id = target.performance_id or uuid7()
    bests = {t.exercise_id: bests_from(t.bests or ()) for t in targets}
    planned, wrong = [], []
    for entry in entries:
        found = by_exercise.get(entry.exercise_id) if entry.exercise_id else by_instruction.get(entry.exercise_instruction_id)
        if found is None or found.performance_id is None:
            wrong.append(
                FieldError(f"{entry.pointer}/exercise_id", "there is no such exercise")
                if entry.exercise_id
                else FieldError(f"{entry.pointer}/exercise_instruction_id", "is not an instruction of this session")
            )
            continue
        number = entry.set_number or found.last_set_number + 1
        found.last_set_number = max(number, found.last_set_number)
        load = entry.load or default_load(found.load, entry.weight)
        planned.append(_Planned(entry, found, found.performance_id, number, load, bests[found.exercise_id]))
    if wrong:
        raise Problem("invalid", errors=wrong)
    if any(p.set_number > SMALLINT_MAX for p in planned):
        raise _out_of_range()
    return planned


async def _performances(
    tx: Transaction,
    session_id: UUID,
    what: tuple[Sequence[_Planned], dict[UUID, dict[str, Any]]],
    targets: Sequence[Target],
    *,
    touched: bool,
) -> list[dict[str, Any]]:
    """The performances as they will stand with the planned sets, written before them (their key needs it).

    One that all its sets were logged for before is only read: a repeated request writes nothing.
    """
    plan, stored = what
    by_id = {t.performance_id: t for t in targets}
    growing = list(dict.fromkeys(p.performance_id for p in plan))
    others = {UUID(row["user_exercise_performance_id"]) for row in stored.values()} - set(growing)
    if touched:
        growing += others
    rows: list[dict[str, Any]] = []
    if growing:
        named = {i: (by_id[i].exercise_instruction_id, by_id[i].exercise_id) for i in growing}
        rows = await summarize(tx, session_id, named, plan)
    if others.difference(growing):
        rows += [dict(row) for row in await tx.rows(queries.PERFORMANCES, tx.athlete, list(others.difference(growing)))]
    found = {row["id"]: row for row in rows}
    return [
        {**found[i], "exercise_name": t.exercise_name, "previous_performance": t.previous_performance}
        for i, t in by_id.items()
        if i in found
    ]


async def summarize(
    tx: Transaction, session_id: UUID, performances: dict[UUID, tuple[UUID | None, UUID]], plan: Sequence[_Planned] = ()
) -> list[dict[str, Any]]:
    """Makes each performance (id: instruction, exercise) the exact summary of its sets, those of `plan` counted in.

    Raises:
        Problem: summary-out-of-range. The columns are SMALLINT: what does not fit is refused, never cut.
    """
    try:
        rows = await tx.rows(
            queries.SUMMARIZE,
            tx.athlete,
            session_id,
            list(performances),
            [i for i, _ in performances.values()],
            [e for _, e in performances.values()],
            [p.performance_id for p in plan],
            [p.entry.kind for p in plan],
            [p.entry.reps for p in plan],
            [p.entry.weight_kg for p in plan],
            [p.load for p in plan],
            [p.entry.duration_seconds for p in plan],
            None,
        )
    except asyncpg.NumericValueOutOfRangeError:
        raise _out_of_range() from None
    return [dict(row) for row in rows]


def _out_of_range() -> Problem:
    return Problem(
        "summary-out-of-range",
        f"all sets of an exercise in one session may have {SMALLINT_MAX} repetitions and {SMALLINT_MAX} seconds together",
    )


async def _insert(tx: Transaction, plan: Sequence[_Planned]) -> list[asyncpg.Record]:
    return await tx.rows(
        queries.INSERT_SETS,
        tx.athlete,
        [p.entry.id for p in plan],
        [p.performance_id for p in plan],
        [p.target.exercise_id for p in plan],
        [p.set_number for p in plan],
        [p.entry.kind for p in plan],
        [p.entry.reps for p in plan],
        [p.entry.weight for p in plan],
        [p.entry.weight_unit for p in plan],
        [p.load for p in plan],
        [p.entry.duration_seconds for p in plan],
        [p.entry.distance_m for p in plan],
        [p.entry.rpe for p in plan],
        [p.entry.completed_at for p in plan],
        [p.entry.notes for p in plan],
        [None] * len(plan),
        [None] * len(plan),
    )


def _in_order(
    entries: Sequence[SetEntry], inserted: Sequence[dict[str, Any]], stored: dict[UUID, dict[str, Any]]
) -> list[dict[str, Any]]:
    rows: dict[UUID, dict[str, Any]] = {**stored, **{row["id"]: row for row in inserted}}
    hidden = {"is_active", "user_workout_session_id", "exercise_instruction_id"}
    return [{k: v for k, v in rows[entry.id].items() if k not in hidden} for entry in entries]


def _records(plan: Sequence[_Planned]) -> list[dict[str, Any]]:
    """The records broken by these sets, in order."""
    return [
        record
        for p in plan
        for record in records(
            p.bests,
            Lifted(
                p.entry.reps, p.entry.weight_kg, p.load, p.entry.kind, p.entry.rpe, p.entry.duration_seconds, p.entry.distance_m
            ),
            {
                "exercise_id": p.target.exercise_id,
                "exercise_name": p.target.exercise_name,
                "set_id": p.entry.id,
                "weight": p.entry.weight,
                "weight_unit": p.entry.weight_unit,
            },
        )
    ]


def records(bests: Bests, lifted: Lifted, of: dict[str, Any]) -> list[dict[str, Any]]:
    """The records that one set breaks; each says of which set (`of`) and, for an estimate, by which formula."""
    return [
        {
            "kind": kind,
            **of,
            "value": value,
            "previous_value": before,
            "unit": RECORD_UNITS[kind],
            "formula": "Epley 1985" if kind == "BEST_E1RM" else None,
        }
        for kind, value, before in bests.take(lifted)
    ]
