"""Measurements over HTTP: parse, call, answer."""

from datetime import date
from uuid import UUID

from reptrail.catalog.builtin import builtin_id
from reptrail.db.pool import Transaction
from reptrail.http.edge import CREATED, NO_CONTENT, Answer, answers
from reptrail.http.paging import decode_cursor, page_json
from reptrail.measurements import actions, queries
from reptrail.measurements.wire import MeasurementOut, MeasurementPage, MeasurementPatch, Measurements, MeasurementsQuery


async def list_measurements(tx: Transaction, query: MeasurementsQuery) -> Answer[MeasurementPage]:
    """Measurements, newest first; an unknown metric has none."""
    last_date, last_id = decode_cursor(query.cursor, date, UUID)
    row = await tx.row(
        queries.MEASUREMENTS,
        tx.athlete,
        _metric_id(query.metric),
        query.from_,
        query.to,
        query.source,
        last_date,
        last_id,
        query.limit + 1,
    )
    return Answer(page_json(row, query.limit))


@answers("id-taken", "implausible", statuses=(201,), etag=True)
async def create_measurements(tx: Transaction, body: Measurements) -> Answer[MeasurementOut | list[MeasurementOut]]:
    """Store one measurement, or a list of up to 200; answers one, or a list in the same order."""
    if not isinstance(body, list):
        (measurement_id,) = await actions.record_measurements(tx, [body.entry()], in_list=False)
        document, version = await actions.measurement_json(tx, measurement_id)
        return Answer(document, status=CREATED, version=version)
    ids = await actions.record_measurements(tx, [each.entry() for each in body], in_list=True)
    return Answer(await tx.json(queries.MEASUREMENTS_IN_ORDER, tx.athlete, ids), status=CREATED)


@answers(etag=True)
async def get_measurement(tx: Transaction, measurement_id: UUID) -> Answer[MeasurementOut]:
    """A measurement."""
    return await _measurement(tx, measurement_id)


@answers("id-taken", "not-editable", "implausible", etag=True)
async def patch_measurement(
    tx: Transaction, measurement_id: UUID, body: MeasurementPatch, if_match: int | None
) -> Answer[MeasurementOut]:
    """Edit a measurement. What the system calculates cannot be edited."""
    await actions.change_measurement(tx, measurement_id, body.changes(), if_match, confirm=body.confirm)
    return await _measurement(tx, measurement_id)


@answers("id-taken", "not-editable")
async def delete_measurement(tx: Transaction, measurement_id: UUID, if_match: int | None) -> Answer[None]:
    """Delete a measurement. It can be restored."""
    await actions.delete_measurement(tx, measurement_id, if_match)
    return Answer(status=NO_CONTENT)


async def _measurement(tx: Transaction, measurement_id: UUID) -> Answer[MeasurementOut]:
    document, version = await actions.measurement_json(tx, measurement_id)
    return Answer(document, version=version)


def _metric_id(named: str | None) -> UUID | None:
    """The metric that a slug or an id names. A built-in metric's id follows from its slug."""
    if named is None:
        return None
    try:
        return UUID(named)
    except ValueError:
        return builtin_id("metric", named)
