"""What can be done to measurements, one function a verb: load, decide, store."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail import clock
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, not_found
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7
from reptrail.measurements import queries
from reptrail.measurements.rules import (
    BMI_ID,
    HEIGHT_ID,
    WEIGHT_ID,
    MeasurementEntry,
    MeasurementSource,
    Metric,
    date_errors,
    entry_errors,
    plausibility_errors,
    unit_errors,
)


class _Stored(msgspec.Struct):
    """What is compared of a measurement that is stored already."""

    id: UUID
    metric_id: UUID
    measured_value: Decimal
    unit: str
    measurement_date: date
    measurement_notes: str | None
    measurement_source: MeasurementSource
    is_active: bool

    def says(self, entry: MeasurementEntry) -> bool:
        """Whether it says what an entry says: then it was sent before. A date that was left to us is not compared."""
        return (
            self.is_active
            and entry.measurement_date in (None, self.measurement_date)
            and all(
                getattr(self, name) == getattr(entry, name)
                for name in ("metric_id", "measured_value", "unit", "measurement_notes", "measurement_source")
            )
        )


_decode_metrics = msgspec.json.Decoder(list[Metric]).decode
_decode_metric = msgspec.json.Decoder(Metric).decode
_decode_stored = msgspec.json.Decoder(list[_Stored]).decode
_decode_documents = msgspec.json.Decoder(list[msgspec.Raw]).decode


async def measurement_json(tx: Transaction, measurement_id: UUID) -> tuple[bytes, int]:
    """A measurement as JSON, and its version. One statement.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.MEASUREMENT, tx.athlete, measurement_id)
    if row is None:
        raise not_found()
    return row["row_to_json"].encode(), row["version"]


async def record_measurements(tx: Transaction, entries: Sequence[MeasurementEntry], *, in_list: bool) -> list[UUID]:
    """Stores measurements and brings what is calculated from them up to date; returns their ids, in the same order.

    One that is stored already with the same contents is not stored again. `in_list`: the request was a list, so pointers
    begin with a place in it.

    Raises:
        Problem: invalid (no such metric, a unit it does not take, a date in the future), implausible, id-taken; each names
            every entry that is wrong.
    """
    placed = [(f"/{place}" if in_list else "", entry) for place, entry in enumerate(entries)]
    ids = [entry.id for entry in entries if entry.id is not None]
    twice = {id_ for id_, count in Counter(ids).items() if count > 1}
    if twice:
        errors = [FieldError(f"{prefix}/id", "occurs twice in this request") for prefix, e in placed if e.id in twice]
        raise Problem("invalid", errors=errors)
    context = await tx.row(queries.CONTEXT, tx.athlete, list({e.metric_id for e in entries}), ids)
    if context is None:
        raise not_found()
    stored = _already_stored(context["stored"], placed)
    today = clock.today(context["time_zone"])
    metrics = {metric.id: metric for metric in _decode_metrics(context["metrics"])}
    _require_right([(prefix, entry) for prefix, entry in placed if entry.id not in stored], metrics, today)
    ready = _with_ids([replace(entry, measurement_date=entry.measurement_date or today) for entry in entries])
    fresh = [entry for entry in ready if entry.id not in stored]
    await insert_measurements(tx, fresh)
    await _refresh_after(tx, [(entry.metric_id, entry.measurement_date or today) for entry in fresh])
    return [entry.id for entry in ready if entry.id is not None]


def _with_ids(entries: Sequence[MeasurementEntry]) -> list[MeasurementEntry]:
    """The entries with an id each; those made here ascend, which ids of one millisecond do not by themselves."""
    made = iter(sorted(uuid7() for entry in entries if entry.id is None))
    return [entry if entry.id is not None else replace(entry, id=next(made)) for entry in entries]


def _already_stored(rows: str, entries: Sequence[tuple[str, MeasurementEntry]]) -> set[UUID]:
    """The ids of the entries that are stored already.

    Raises:
        Problem: id-taken with the first such row, if any is stored with other contents or deleted.
    """
    found = {row.id: (row, document) for row, document in zip(_decode_stored(rows), _decode_documents(rows), strict=True)}
    taken = [
        (FieldError(f"{prefix}/id", "is taken"), found[entry.id][1])
        for prefix, entry in entries
        if entry.id in found and not found[entry.id][0].says(entry)
    ]
    if taken:
        raise Problem(
            "id-taken",
            "a measurement with this id is stored with other contents",
            [error for error, _ in taken],
            {"current": taken[0][1]},
        )
    return set(found)


def _require_right(entries: Sequence[tuple[str, MeasurementEntry]], metrics: dict[UUID, Metric], today: date) -> None:
    wrong = [
        FieldError(prefix + error.pointer, error.detail)
        for prefix, entry in entries
        for error in entry_errors(entry, metrics.get(entry.metric_id), today)
    ]
    if wrong:
        raise Problem("invalid", errors=wrong)
    doubtful = [
        FieldError(prefix + error.pointer, error.detail)
        for prefix, entry in entries
        if not entry.confirm
        for error in plausibility_errors(metrics[entry.metric_id], entry.measured_value, entry.unit)
    ]
    if doubtful:
        raise Problem("implausible", errors=doubtful)


async def insert_measurements(tx: Transaction, entries: Sequence[MeasurementEntry]) -> None:
    """Stores measurements that are known to be right, each with its date: one statement, also for thousands of an import.

    Of one day's values the last entered counts; within one transaction that is the one with the greatest id, so leave ids
    away where the order matters. Call `refresh_calculated` afterwards.
    """
    if not entries:
        return
    entries = _with_ids(entries)
    await tx.execute(
        queries.INSERT,
        tx.athlete,
        [entry.id for entry in entries],
        [entry.metric_id for entry in entries],
        [entry.measured_value for entry in entries],
        [entry.unit for entry in entries],
        [entry.measurement_date for entry in entries],
        [entry.measurement_notes for entry in entries],
        [entry.measurement_source for entry in entries],
        [entry.import_id for entry in entries],
        [entry.import_key for entry in entries],
    )


async def refresh_calculated(tx: Transaction, since: date | None = None) -> None:
    """Makes the calculated measurements (BMI) what the others say: exact, and nothing is written where nothing changed.

    Call it after body weights or heights were stored, edited, hidden or brought back. `since` is the earliest date of a
    body weight that changed; a height also counts for days before it, so leave `since` away where one changed. Two
    statements, whatever the number of days.
    """
    metrics = (WEIGHT_ID, HEIGHT_ID, BMI_ID)
    await tx.execute(queries.CALCULATE_BMI, tx.athlete, *metrics, since)
    await tx.execute(queries.HIDE_BMI, tx.athlete, *metrics, since)


async def _refresh_after(tx: Transaction, changes: Sequence[tuple[UUID, date]]) -> None:
    """Refreshes after changes of (metric, date), as far as they matter."""
    if any(metric_id == HEIGHT_ID for metric_id, _ in changes):
        await refresh_calculated(tx)
        return
    weighed = [day for metric_id, day in changes if metric_id == WEIGHT_ID]
    if weighed:
        await refresh_calculated(tx, min(weighed))


async def _find(tx: Transaction, measurement_id: UUID, if_match: int | None) -> asyncpg.Record:
    """A measurement that may be edited.

    Raises:
        Problem: not-found; not-editable; precondition-failed with the measurement, if it is not of version `if_match`.
    """
    row = await tx.row(queries.FIND, tx.athlete, measurement_id)
    if row is None:
        raise not_found()
    if row["measurement_source"] == MeasurementSource.CALCULATED:
        raise Problem("not-editable", "it is calculated from body weight and height: edit those")
    if if_match is not None and row["version"] != if_match:
        raise changed((await measurement_json(tx, measurement_id))[0])
    return row


async def change_measurement(
    tx: Transaction, measurement_id: UUID, given: dict[str, Any], if_match: int | None, *, confirm: bool
) -> None:
    """Edits a measurement and brings what is calculated from it up to date. `given` holds the columns that were sent.

    Raises:
        Problem: as _find; invalid; implausible.
    """
    row = await _find(tx, measurement_id, if_match)
    names = ("measured_value", "unit", "measurement_date", "measurement_notes", "measurement_source")
    values = {name: given.get(name, row[name]) for name in names}
    metric = _decode_metric(row["metric"])
    today = clock.today(row["time_zone"])
    wrong = [*(unit_errors(metric, values["unit"]) if "unit" in given else ()), *date_errors(given.get("measurement_date"), today)]
    if wrong:
        raise Problem("invalid", errors=wrong)
    # What was confirmed once is not asked for again while neither value nor unit changes.
    if not confirm and (values["measured_value"], values["unit"]) != (row["measured_value"], row["unit"]):
        doubtful = list(plausibility_errors(metric, values["measured_value"], values["unit"]))
        if doubtful:
            raise Problem("implausible", errors=doubtful)
    if not await tx.execute(queries.UPDATE, tx.athlete, measurement_id, row["version"], *values.values()):
        raise not_found()
    metric_id = row["metric_id"]
    await _refresh_after(tx, [(metric_id, row["measurement_date"]), (metric_id, values["measurement_date"])])


async def delete_measurement(tx: Transaction, measurement_id: UUID, if_match: int | None) -> None:
    """Hides a measurement and brings what is calculated from it up to date; the owner can restore it from the ledger.

    Raises:
        Problem: as _find.
    """
    row = await _find(tx, measurement_id, if_match)
    await tx.execute(queries.HIDE, tx.athlete, measurement_id)
    await _refresh_after(tx, [(row["metric_id"], row["measurement_date"])])
