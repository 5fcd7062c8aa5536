"""Reptrail's own layout: `sets.csv` and `measurements.csv`, as the export writes them, alone or in the export's ZIP.

One row a set, one a measurement; times with their offset from UTC, numbers and units exactly as they were entered. docs/export.md
tells every column. Writing stands beside reading, so that the two cannot part.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta

from reptrail.catalog import builtin
from reptrail.measurements.rules import MeasurementSource, unit_allowed
from reptrail.training.rules import SMALLINT_MAX, SetKind, SetLoad, WeightUnit
from reptrail.transfer.formats.collecting import Cell, Collector
from reptrail.transfer.formats.fields import parse_decimal
from reptrail.transfer.formats.gathering import (
    DEFAULT_SESSION_NAME,
    MAX_EXERCISE_NOTES_CHARACTERS,
    MAX_NAME_CHARACTERS,
    MAX_SESSION_NOTES_CHARACTERS,
)
from reptrail.transfer.formats.parsed import ParsedExercise, ParsedFile, ParsedMeasurement, ParsedSession, ParsedSet
from reptrail.transfer.formats.reading import FileRefused, Record, Refusal, Table, open_table

SLUG: Final = "reptrail"
SETS_FILE: Final = "csv/sets.csv"
MEASUREMENTS_FILE: Final = "csv/measurements.csv"
ZIP_MAGIC: Final = b"PK\x03\x04"
# Ten years of training are 30,000 sets of some 250 bytes.
MAX_UNPACKED_BYTES: Final = 32 * 1024 * 1024
MAX_SET_WEIGHT: Final = 5000
MAX_SET_DISTANCE_M: Final = 1_000_000

_FORMULA: Final = re.compile(r"'*[=+\-@\t]")
_MISSING: Final = re.compile("Object missing required field `(.+)`")
_HALF: Final = Decimal("0.5")

T = TypeVar("T")
Time = Annotated[datetime, Meta(tz=True)]
Small = Annotated[int, Meta(ge=1, le=SMALLINT_MAX)]


class SetRow(msgspec.Struct, kw_only=True):
    """A row of sets.csv, blank fields left out. The fields are the columns, in their order."""

    session_id: UUID
    session_origin: UUID | None = None
    session_started_at: Time
    session_completed_at: Time | None = None
    session_duration_seconds: Small | None = None
    workout_name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME_CHARACTERS)] = DEFAULT_SESSION_NAME
    session_notes: Annotated[str, Meta(max_length=MAX_SESSION_NOTES_CHARACTERS)] | None = None
    effort_rating: Annotated[int, Meta(ge=1, le=10)] | None = None
    soreness_rating: Annotated[int, Meta(ge=0, le=10)] | None = None
    exercise_number: Small
    exercise_name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME_CHARACTERS)]
    group_number: Small | None = None
    exercise_notes: Annotated[str, Meta(max_length=MAX_EXERCISE_NOTES_CHARACTERS)] | None = None
    set_number: Small
    set_kind: SetKind = SetKind.WORKING
    reps: Annotated[int, Meta(ge=0, le=1000)] | None = None
    weight: str | None = None
    weight_unit: WeightUnit | None = None
    load: SetLoad = SetLoad.EXTERNAL
    duration_seconds: Small | None = None
    distance_m: str | None = None
    rpe: str | None = None
    set_notes: Annotated[str, Meta(max_length=MAX_EXERCISE_NOTES_CHARACTERS)] | None = None


class MeasurementRow(msgspec.Struct, kw_only=True):
    """A row of measurements.csv."""

    measurement_id: UUID
    measurement_origin: UUID | None = None
    measurement_date: date
    metric: str
    value: str
    unit: Annotated[str, Meta(min_length=1, max_length=20)]
    measurement_source: MeasurementSource = MeasurementSource.MANUAL
    measurement_notes: Annotated[str, Meta(max_length=MAX_EXERCISE_NOTES_CHARACTERS)] | None = None


SET_COLUMNS: Final = SetRow.__struct_fields__
MEASUREMENT_COLUMNS: Final = MeasurementRow.__struct_fields__
_TITLES: Final = {
    frozenset(column.replace("_", " ") for column in columns): columns for columns in (SET_COLUMNS, MEASUREMENT_COLUMNS)
}


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what would be one."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """A text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def is_own(header_keys: set[str]) -> bool:
    """Whether these column titles are of one of our two files; further columns do no harm."""
    return any(header_keys >= titles for titles in _TITLES)


def parse_zip(data: bytes) -> ParsedFile:
    """Parse the two files of an export's ZIP as one.

    Raises:
        FileRefused: it is no ZIP of ours, or larger unpacked than anybody's history is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            tables = [_member(archive, name) for name in (SETS_FILE, MEASUREMENTS_FILE)]
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise FileRefused(Refusal.NOT_AN_EXPORT, f"This ZIP is no export of Reptrail: {error}") from None
    except zlib.error as error:
        raise FileRefused(Refusal.NOT_AN_EXPORT, f"This ZIP is damaged: {error}") from None
    sets, measurements = (parse_own(open_table(table, MAX_UNPACKED_BYTES)) for table in tables)
    sets.rows += measurements.rows
    sets.measurements = measurements.measurements
    sets.issues += measurements.issues
    return sets


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    # No more than that is unpacked, whatever is in it: zipfile stops there.
    if archive.getinfo(name).file_size > MAX_UNPACKED_BYTES:
        raise FileRefused(Refusal.TOO_LARGE, f"{name} may be {MAX_UNPACKED_BYTES // 1024 // 1024} MB large.")
    return archive.read(name)


def parse_own(table: Table) -> ParsedFile:
    """Parse a file of ours whose header is known to be one.

    Raises:
        FileRefused: too many rows; more than half of them bad.
    """
    columns = next(columns for titles, columns in _TITLES.items() if titles <= set(table.header_keys))
    places = {column: table.header_keys.index(column.replace("_", " ")) for column in columns}
    collector = Collector(SLUG, table, [])
    take: Callable[[Record, Mapping[str, str]], None] = (
        _Sessions(collector).take if columns == SET_COLUMNS else _Measurements(collector).take
    )
    for record in table.records():
        if collector.count(record):
            take(record, _filled(record, places))
    return collector.finish()


def _filled(record: Record, places: Mapping[str, int]) -> dict[str, str]:
    """The fields of a record that are not blank, by column."""
    fields = record.fields
    return {column: unguarded(fields[at]) for column, at in places.items() if at < len(fields) and fields[at]}


def _row(collector: Collector, record: Record, fields: Mapping[str, str], kind: type[T]) -> T | None:
    """A row with every column checked; None, with an error that says which is wrong."""
    try:
        return msgspec.convert(fields, kind, strict=False)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$.")
        missing = _MISSING.fullmatch(reason)
        column, reason = (missing[1], "is required") if missing else (path.rstrip("`"), reason)
        collector.error(record.line, Cell(column, fields.get(column, "")), reason)
        return None


class _Sessions:
    """The sessions of sets.csv while they grow."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._sessions: dict[UUID, ParsedSession] = {}
        self._blocks: dict[tuple[UUID, int], tuple[ParsedExercise, set[int]]] = {}

    def take(self, record: Record, fields: Mapping[str, str]) -> None:
        """Adds a row's set to its session; an error leaves it out."""
        row = _row(self._collector, record, fields, SetRow)
        if row is None:
            return
        numbers = self._numbers(record, row)
        ends_early = row.session_completed_at is not None and row.session_completed_at < row.session_started_at
        if ends_early:
            self._wrong(record, "session_completed_at", str(row.session_completed_at), "before the session began")
        if self._collector.is_bad(record.line):
            return
        block, taken = self._block(record, row)
        position = row.set_number - 1 if row.set_number - 1 not in taken else max(taken) + 1
        taken.add(position)
        block.sets.append(ParsedSet(
            line=record.line, position=position, kind=row.set_kind, reps=row.reps, weight_unit=row.weight_unit,
            duration_seconds=row.duration_seconds, notes=row.set_notes, load=row.load, **numbers,
        ))  # fmt: skip

    def _wrong(self, record: Record, column: str, value: str, reason: str) -> None:
        self._collector.error(record.line, Cell(column, value), reason)

    def _numbers(self, record: Record, row: SetRow) -> dict[str, Decimal | None]:
        numbers: dict[str, Decimal | None] = {}
        for column in ("weight", "distance_m", "rpe"):
            text = getattr(row, column)
            numbers[column] = parse_decimal(text) if text else None
            if text and numbers[column] is None:
                self._wrong(record, column, text, "not a number")
        weight, metres, rpe = numbers.values()
        if weight is not None and not 0 <= weight <= MAX_SET_WEIGHT:
            self._wrong(record, "weight", str(weight), f"a weight is from 0 to {MAX_SET_WEIGHT}")
        if (row.weight is None) != (row.weight_unit is None):
            self._wrong(record, "weight_unit", row.weight_unit or "", "a weight and its unit go together")
        if metres is not None and not 0 < metres <= MAX_SET_DISTANCE_M:
            self._wrong(record, "distance_m", str(metres), f"a distance is at most {MAX_SET_DISTANCE_M} m and not 0")
        if rpe is not None and (not 1 <= rpe <= 10 or rpe % _HALF):  # noqa: PLR2004 - RPE
            self._wrong(record, "rpe", str(rpe), "RPE is from 1 to 10 in halves")
        if row.reps is None and row.duration_seconds is None and metres is None:
            self._wrong(record, "reps", "", "nothing logged")
        return numbers

    def _block(self, record: Record, row: SetRow) -> tuple[ParsedExercise, set[int]]:
        """The exercise of a row and the places that its sets have, made where they are new, as the first row of each tells them."""
        session = self._sessions.get(row.session_id)
        if session is None:
            session = self._sessions[row.session_id] = ParsedSession(
                record.line, f"{SLUG}:{row.session_origin or row.session_id}", row.workout_name, row.session_started_at,
                row.session_completed_at, row.session_duration_seconds, row.session_notes,
                ids=_ids(row.session_id, row.session_origin), effort_rating=row.effort_rating, soreness_rating=row.soreness_rating,
            )  # fmt: skip
            self._collector.file.sessions.append(session)
        key = row.session_id, row.exercise_number
        if key not in self._blocks:
            # What an exercise that has to be made is loaded by, the first of its sets tells.
            load = SetLoad.BODYWEIGHT if row.load is SetLoad.ADDED else row.load
            block = ParsedExercise(row.exercise_name, row.group_number, load, row.exercise_notes)
            session.exercises.append(block)
            self._blocks[key] = block, set()
        return self._blocks[key]


class _Measurements:
    """The measurements of measurements.csv."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._metrics = {metric.slug: metric for metric in builtin.metrics()}
        self._seen: set[UUID] = set()

    def take(self, record: Record, fields: Mapping[str, str]) -> None:
        """Adds a row's measurement; an error leaves it out."""
        row = _row(self._collector, record, fields, MeasurementRow)
        if row is None:
            return
        value = parse_decimal(row.value)
        metric = self._metrics.get(row.metric)
        if metric is None:
            self._collector.warn(record.line, Cell("metric", row.metric), "no built-in metric: left out")
            self._collector.file.skipped += 1
            return
        for column, text, wrong in (
            ("measurement_id", str(row.measurement_id), "stands there twice" if row.measurement_id in self._seen else ""),
            ("metric", row.metric, "kept by the system" if metric.calculated else ""),
            ("unit", row.unit, "" if unit_allowed(row.unit, metric.allowed_units) else "not a unit of this metric"),
            ("value", row.value, "" if value is not None and value >= 0 else "not a value"),
            ("measurement_source", row.measurement_source,
             "kept by the system" if row.measurement_source is MeasurementSource.CALCULATED else ""),
        ):  # fmt: skip
            if wrong:
                self._collector.error(record.line, Cell(column, text), wrong)
        if value is None or self._collector.is_bad(record.line):
            return
        self._seen.add(row.measurement_id)
        self._collector.file.measurements.append(ParsedMeasurement(
            record.line, f"{SLUG}:{row.measurement_origin or row.measurement_id}", row.metric,
            value, row.unit, row.measurement_date, row.measurement_notes,
            ids=_ids(row.measurement_id, row.measurement_origin), source=row.measurement_source,
        ))  # fmt: skip


def _ids(*ids: UUID | None) -> tuple[UUID, ...]:
    return tuple(each for each in ids if each is not None)


def set_cells(row: Mapping[str, Any]) -> list[str]:
    """The fields of a set (by column) as sets.csv has them."""
    return [_cell(row[column]) for column in SET_COLUMNS]


def measurement_cells(row: Mapping[str, Any]) -> list[str]:
    """The fields of a measurement (by column) as measurements.csv has them."""
    return [_cell(row[column]) for column in MEASUREMENT_COLUMNS]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)
