"""What can be done with prescriptions, training maxes and equipment, one function a verb: load, decide, store."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec.structs import replace

from reptrail import clock
from reptrail.catalog.names import search
from reptrail.db.pool import Transaction
from reptrail.errors import Problem, not_found
from reptrail.http.encoding import encode
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7
from reptrail.prescriptions import queries
from reptrail.prescriptions.backtest import Backtest, run
from reptrail.prescriptions.loading import USUAL, Equipment
from reptrail.prescriptions.progression import prescribe
from reptrail.prescriptions.rules import Case, Instruction, Performance, Prescription, Rule, TrainingMax
from reptrail.prescriptions.training_max import settle
from reptrail.prescriptions.wire import BacktestQuery
from reptrail.training.rules import SessionStatus, WeightUnit

# Six years of an exercise three times a week; of more the newest.
MAX_BACKTESTED = 1000


class _Asked(Instruction, frozen=True, kw_only=True):
    """An instruction with all that its rule looks at."""

    training_max: TrainingMax | None
    history: list[Performance]


_decode_asked = msgspec.json.Decoder(list[_Asked]).decode
_decode_history = msgspec.json.Decoder(list[Performance]).decode
_decode_equipment = msgspec.json.Decoder(Equipment).decode
_decode_stored_equipment = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class _Computed(msgspec.Struct, frozen=True):
    """What was computed for an instruction, with the training max it begins a cycle with, if it does."""

    instruction: Instruction
    prescription: Prescription
    begins: TrainingMax | None


async def prescribe_session(tx: Transaction, session_id: UUID) -> None:
    """Computes and keeps what a session that starts now asks. One read, and one write where it asks anything.

    A cycle that begins with a training max of its own costs one more.
    """
    context = await _context(tx, session_id)
    computed = _compute(context)
    if not computed:
        return
    found = [(each.instruction, each.prescription) for each in computed]
    await tx.execute(
        queries.STORE,
        tx.athlete,
        session_id,
        [uuid7() for _ in found],
        [instruction.id for instruction, _ in found],
        [instruction.exercise_id for instruction, _ in found],
        [encode(prescription.sets).decode() for _, prescription in found],
        [prescription.rest_seconds for _, prescription in found],
        [prescription.rule for _, prescription in found],
        [encode(prescription.inputs).decode() for _, prescription in found],
        [prescription.reason for _, prescription in found],
    )
    begun = {each.instruction.exercise_id: each.begins for each in computed if each.begins is not None}
    if begun:
        await tx.execute(
            queries.INSERT_TRAINING_MAXES,
            tx.athlete,
            context["program_enrollment_id"],
            context["program_cycle"],
            [uuid7() for _ in begun],
            list(begun),
            [each.weight for each in begun.values()],
            [each.weight_unit for each in begun.values()],
            [each.reason for each in begun.values()],
        )


async def _context(tx: Transaction, session_id: UUID) -> asyncpg.Record:
    row = await tx.row(queries.CONTEXT, tx.athlete, session_id, clock.now())
    if row is None:
        raise not_found()
    return row


def _compute(context: asyncpg.Record) -> list[_Computed]:
    equipment = _equipment(context)
    today: date = context["today"]
    computed = []
    for asked in _decode_asked(context["instructions"]):
        case = Case(asked, asked.history, today, equipment, asked.training_max)
        begins = None
        if case.progression.rule is Rule.PERCENT:
            settled, is_new = settle(case, context["program_enrollment_id"], context["program_cycle"])
            case = Case(asked, asked.history, today, equipment, settled)
            begins = settled if is_new and context["program_cycle"] is not None else None
        computed.append(_Computed(asked, prescribe(case), begins))
    return computed


def _equipment(row: asyncpg.Record) -> Equipment:
    return USUAL[WeightUnit(row["weight_unit"])] if row["equipment"] is None else _decode_equipment(row["equipment"])


async def session_prescriptions(tx: Transaction, session_id: UUID) -> bytes:
    """What a session asks, as JSON: as it was kept, or, while it is planned, as it would be if it started now.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.STORED, tx.athlete, session_id)
    if row is None:
        raise not_found()
    if row["session_status"] != SessionStatus.PLANNED:
        return b'{"is_preview":false,"items":%b}' % row["items"].encode()
    computed = _compute(await _context(tx, session_id))
    items = [
        {
            "exercise_instruction_id": each.instruction.id,
            "exercise_id": each.instruction.exercise_id,
            "exercise_name": each.instruction.exercise_name,
            **msgspec.structs.asdict(each.prescription),
        }
        for each in computed
    ]
    return encode({"is_preview": True, "items": items})


async def equipment_json(tx: Transaction) -> tuple[bytes, int | None]:
    """What the athlete can load, as JSON, and its version; None where nothing was said and it is what is usual."""
    row = await tx.row(queries.EQUIPMENT, tx.athlete)
    if row is None:
        raise not_found()
    if row["equipment"] is not None:
        stored = _decode_stored_equipment(row["equipment"])
        return encode({**stored, "is_usual": False}), msgspec.json.decode(stored["version"], type=int)
    usual = msgspec.structs.asdict(_equipment(row))
    return encode({**usual, "is_usual": True, "version": None, "updated_at": None, "updated_by": None}), None


async def set_equipment(tx: Transaction, equipment: Equipment, if_match: int | None) -> None:
    """Says what the athlete can load. What was prescribed before stays as it was.

    Raises:
        Problem: precondition-failed with the equipment as it stands.
    """
    if if_match is not None:
        current, version = await equipment_json(tx)
        if version != if_match:
            raise changed(current)
    values = (equipment.weight_unit, equipment.bar_weight, equipment.plates, equipment.dumbbells, equipment.machine_step)
    await tx.execute(queries.STORE_EQUIPMENT, tx.athlete, *values)


async def set_training_max(
    tx: Transaction, exercise_id: UUID, training_max: TrainingMax, training_max_id: UUID | None = None
) -> bytes:
    """Sets the training max of an exercise from now on; returns it as JSON. The ones before stay in the ledger.

    Where the newest says the same nothing is written, whatever `training_max_id`.

    Raises:
        Problem: not-found (no such exercise).
    """
    if await tx.row(queries.EXERCISE, tx.athlete, exercise_id) is None:
        raise not_found()
    await tx.execute(
        queries.SET_TRAINING_MAX,
        tx.athlete,
        training_max_id or uuid7(),
        exercise_id,
        training_max.weight,
        training_max.weight_unit,
        training_max.reason,
    )
    document = await tx.json(queries.TRAINING_MAX, tx.athlete, exercise_id)
    if document is None:
        raise not_found()
    return document


async def backtest(tx: Transaction, query: BacktestQuery) -> tuple[str, Backtest]:
    """What a rule would have asked at each past performance of an exercise; its name, and the answer. One statement.

    Raises:
        Problem: not-found (no such exercise).
    """
    row = await tx.row(queries.BACKTEST, tx.athlete, query.exercise_id, MAX_BACKTESTED, query.to)
    if row is None:
        raise not_found()
    instruction = query.instruction(row["tool"], row["tracks"], row["load"])
    history = [replace(each, prescribed=None) for each in _decode_history(row["history"])]
    # A thousand performances take a third of a second: not on the loop, where everybody else waits.
    return row["exercise_name"], await asyncio.to_thread(run, instruction, history, _equipment(row), query.from_)


async def find_done_exercise(tx: Transaction, name: str) -> UUID:
    """The exercise that a typed name means best, of those the athlete has done.

    Raises:
        Problem: not-found.
    """
    rows: Sequence[Any] = await tx.rows(queries.DONE_EXERCISES, tx.athlete)
    found = search(name, [(row["id"], row["exercise_name"], row["aliases"]) for row in rows], 1)
    if not found:
        raise Problem("not-found", "no exercise of this name was ever done")
    exercise_id: UUID = found[0]
    return exercise_id
