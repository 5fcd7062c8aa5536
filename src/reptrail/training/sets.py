"""What can be done to sets and performances, one function a verb: the hot path of the product.

Apart from actions.py because the two together pass 400 lines (docs/decisions/0004); corrections.py holds the rarer
writes. Logging is three statements: read all
there is to know, bring the performances up to date, insert the sets. The athlete's ledger head is locked by then, so what
was read still holds when it is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, invalid, not_found
from reptrail.ids import uuid7
from reptrail.training import queries
from reptrail.training.actions import add_exercises, refused
from reptrail.training.rules import LOGGABLE, SMALLINT_MAX, Bests, Lifted, SessionStatus, SetEntry, SetKind, SetLoad, default_load

RECORD_UNITS = {"HEAVIEST_WEIGHT": "kg", "BEST_E1RM": "kg", "LONGEST": "s", "FURTHEST": "m", "MOST_REPS_AT_WEIGHT": "reps"}


class _Best(msgspec.Struct):
    weight_kg: Decimal
    reps: int | None
    e1rm_kg: Decimal | None
    duration_seconds: int | None
    distance_m: Decimal | None


class Target(msgspec.Struct):
    """An instruction of the session that sets are logged for, as the database has it."""

    exercise_instruction_id: UUID
    exercise_id: UUID
    exercise_name: str
    load: SetLoad
    performance_id: UUID | None
    sets_completed: int
    reps_completed: int
    duration_seconds: int
    last_set_number: int
    bests: list[_Best] | None
    previous_performance: msgspec.Raw

    def start(self) -> Bests:
        """The bests before this request."""
        found = Bests()
        for best in self.bests or ():
            if best.weight_kg and best.reps:
                found.weight_kg = max(found.weight_kg or best.weight_kg, best.weight_kg)
            for name in ("e1rm_kg", "duration_seconds", "distance_m"):
                value = getattr(best, name)
                if value is not None and (getattr(found, name) is None or value > getattr(found, name)):
                    setattr(found, name, value)
            if best.reps:
                found.reps_at[best.weight_kg] = best.reps
        return found


decode_targets = msgspec.json.Decoder(list[Target]).decode
_stored = msgspec.json.Decoder(list[dict[str, Any]])


@dataclass(frozen=True, slots=True)
class Logged:
    """What logging answers: the sets, the performances as they now stand, and the records broken."""

    sets: list[dict[str, Any]]
    performances: list[dict[str, Any]]
    records: list[dict[str, Any]]


async def log_sets(tx: Transaction, session_id: UUID, entries: Sequence[SetEntry]) -> Logged:
    """Logs sets in one session. A set that is stored already with the same contents is answered, not stored again.

    Raises:
        Problem: not-found, verb-not-allowed (the session is neither in progress nor completed), invalid, id-taken,
            summary-out-of-range.
    """
    context = await _context(tx, session_id, entries)
    stored = _already_stored(context, session_id, entries)
    fresh = [entry for entry in entries if entry.id not in stored]
    targets = decode_targets(context["targets"]) if context["targets"] else []
    missing = _missing_exercises(fresh, targets)
    if missing:
        await add_exercises(tx, session_id, [{"exercise_id": exercise_id} for exercise_id in missing])
        context = await _context(tx, session_id, entries)
        targets = decode_targets(context["targets"])
    plan = _assign(fresh, targets)
    performances = await _summarize(tx, session_id, plan, stored, targets)
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
    ids = [entry.id for entry in entries]
    if len(set(ids)) < len(ids):
        raise invalid("/id", "occurs twice in this request")
    if context["stored"] is None:
        return {}
    found = {UUID(row["id"]): row for row in _stored.decode(context["stored"])}
    for index, entry in enumerate(entries):
        row = found.get(entry.id)
        if row is None:
            continue
        comparable = {**row, **_typed(row)}
        if not row["is_active"] or UUID(row["user_workout_session_id"]) != session_id or not entry.same_as(comparable):
            pointer = f"/{index}/id" if len(entries) > 1 else "/id"
            raise Problem(
                "id-taken", "a set with this id is stored with other contents", [FieldError(pointer, "is taken")], {"current": row}
            )
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


def _missing_exercises(entries: Sequence[SetEntry], targets: Sequence[Target]) -> list[UUID]:
    known = {target.exercise_id for target in targets}
    return list(dict.fromkeys(e.exercise_id for e in entries if e.exercise_id is not None and e.exercise_id not in known))


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
        Problem: invalid, naming every entry whose instruction is not in this session.
    """
    by_instruction = {t.exercise_instruction_id: t for t in targets}
    by_exercise: dict[UUID, Target] = {}
    for target in targets:
        by_exercise.setdefault(target.exercise_id, target)
    performance_ids = {t.exercise_instruction_id: t.performance_id or uuid7() for t in targets}
    numbers = {t.exercise_instruction_id: t.last_set_number for t in targets}
    bests = {t.exercise_id: t.start() for t in targets}
    planned, wrong = [], []
    for index, entry in enumerate(entries):
        found = by_exercise.get(entry.exercise_id) if entry.exercise_id else by_instruction.get(entry.exercise_instruction_id)  # type: ignore[arg-type]
        if found is None:
            wrong.append(
                FieldError(
                    f"/{index}/exercise_instruction_id" if len(entries) > 1 else "/exercise_instruction_id",
                    "is not an instruction of this session",
                )
            )
            continue
        number = entry.set_number or numbers[found.exercise_instruction_id] + 1
        numbers[found.exercise_instruction_id] = max(number, numbers[found.exercise_instruction_id])
        planned.append(
            _Planned(
                entry,
                found,
                performance_ids[found.exercise_instruction_id],
                number,
                entry.load or default_load(found.load, entry.weight),
                bests[found.exercise_id],
            )
        )
    if wrong:
        raise Problem("invalid", errors=wrong)
    return planned


async def _summarize(
    tx: Transaction, session_id: UUID, plan: Sequence[_Planned], stored: dict[UUID, dict[str, Any]], targets: Sequence[Target]
) -> list[dict[str, Any]]:
    """Brings the performances that sets are logged for up to date, before the sets are there (their key needs them)."""
    meant = {p.performance_id: p.target for p in plan}
    answered = {UUID(row["user_exercise_performance_id"]) for row in stored.values()}
    for target in targets:
        if target.performance_id in answered:
            meant.setdefault(target.performance_id, target)
    _refuse_overflow(plan)
    rows = await summarize(tx, session_id, {i: (t.exercise_instruction_id, t.exercise_id) for i, t in meant.items()}, plan)
    return [
        {**row, "exercise_name": meant[row["id"]].exercise_name, "previous_performance": meant[row["id"]].previous_performance}
        for row in rows
    ]


async def summarize(
    tx: Transaction, session_id: UUID, performances: dict[UUID, tuple[UUID, UUID]], plan: Sequence[_Planned] = ()
) -> list[dict[str, Any]]:
    """Makes each performance (id: instruction, exercise) the exact summary of its sets, those of `plan` counted in."""
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
    return [dict(row) for row in rows]


def _refuse_overflow(plan: Sequence[_Planned]) -> None:
    """The summary's columns are SMALLINT: what does not fit is refused, never cut."""
    totals: dict[UUID, tuple[int, int, str]] = {}
    for p in plan:
        if p.entry.kind is SetKind.WARMUP:
            continue
        reps, seconds, name = totals.get(
            p.performance_id, (p.target.reps_completed, p.target.duration_seconds, p.target.exercise_name)
        )
        totals[p.performance_id] = (reps + (p.entry.reps or 0), seconds + (p.entry.duration_seconds or 0), name)
    for reps, seconds, name in totals.values():
        if reps > SMALLINT_MAX or seconds > SMALLINT_MAX:
            raise Problem(
                "summary-out-of-range",
                f"{name} would have {reps} repetitions and {seconds} seconds in this session; "
                f"a performance holds {SMALLINT_MAX} of each",
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
    """The records broken by these sets, in order; each says which set and, for an estimate, by which formula."""
    return [
        {
            "kind": kind,
            "exercise_id": p.target.exercise_id,
            "exercise_name": p.target.exercise_name,
            "set_id": p.entry.id,
            "value": value,
            "previous_value": before,
            "unit": RECORD_UNITS[kind],
            "formula": "Epley 1985" if kind == "BEST_E1RM" else None,
        }
        for p in plan
        for kind, value, before in p.bests.take(
            Lifted(p.entry.reps, p.entry.weight_kg, p.load, p.entry.kind, p.entry.rpe, p.entry.duration_seconds, p.entry.distance_m)
        )
    ]
