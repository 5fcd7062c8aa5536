"""Prescriptions, training maxes and equipment over HTTP: parse, call, answer."""

from uuid import UUID

from reptrail.db.pool import Transaction
from reptrail.http.edge import Answer, answers
from reptrail.http.paging import decode_cursor, page_json
from reptrail.prescriptions import actions, queries
from reptrail.prescriptions.rules import TrainingMax
from reptrail.prescriptions.wire import (
    BacktestOut,
    BacktestQuery,
    EquipmentIn,
    EquipmentOut,
    SessionPrescriptions,
    TrainingMaxesQuery,
    TrainingMaxOut,
    TrainingMaxPage,
    TrainingMaxPut,
)


@answers(etag=True)
async def get_equipment(tx: Transaction) -> Answer[EquipmentOut]:
    """What the athlete can load: bar, plates, dumbbells, the step of machines; what is usual, where nothing was said."""
    return await _equipment(tx)


@answers(etag=True)
async def put_equipment(tx: Transaction, body: EquipmentIn, if_match: int | None) -> Answer[EquipmentOut]:
    """Say what the athlete can load. Prescriptions round to it from the next session on."""
    await actions.set_equipment(tx, body.equipment(), if_match)
    return await _equipment(tx)


async def list_training_maxes(tx: Transaction, query: TrainingMaxesQuery) -> Answer[TrainingMaxPage]:
    """The training max in force of each exercise that has one, by the name of the exercise."""
    last_name, last_id = decode_cursor(query.cursor, str, UUID)
    row = await tx.row(queries.TRAINING_MAXES, tx.athlete, last_name, last_id, query.limit + 1)
    return Answer(page_json(row, query.limit))


async def put_training_max(tx: Transaction, exercise_id: UUID, body: TrainingMaxPut) -> Answer[TrainingMaxOut]:
    """Set the training max of an exercise, in force from now on."""
    training_max = TrainingMax(weight=body.weight, weight_unit=body.weight_unit, reason=body.reason)
    return Answer(await actions.set_training_max(tx, exercise_id, training_max))


async def get_session_prescriptions(tx: Transaction, session_id: UUID) -> Answer[SessionPrescriptions]:
    """What a session asks and why: as kept when it started or, while it is planned, as it would be now."""
    return Answer(await actions.session_prescriptions(tx, session_id))


async def get_backtest(tx: Transaction, query: BacktestQuery) -> Answer[BacktestOut]:
    """What a progression rule would have asked at each past performance of an exercise, beside what was done."""
    _, found = await actions.backtest(tx, query)
    return Answer(found)


async def _equipment(tx: Transaction) -> Answer[EquipmentOut]:
    document, version = await actions.equipment_json(tx)
    return Answer(document, version=version)
