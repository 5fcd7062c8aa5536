"""Hevy's measurement_data.csv: one row a time of measuring, one column a metric with its unit in the title."""

from decimal import Decimal
from typing import Final

from reptrail.transfer.formats.collecting import Collector, Column, Layout, Place, cell_at
from reptrail.transfer.formats.fields import parse_decimal, parse_local_datetime
from reptrail.transfer.formats.gathering import FIRST_YEAR, LAST_YEAR
from reptrail.transfer.formats.parsed import ParsedFile, ParsedMeasurement
from reptrail.transfer.formats.reading import Record, Table

SLUG: Final = "hevy-measurements"

_GIRTHS: Final = {
    "neck": "neck",
    "shoulder": "shoulder",
    "chest": "chest",
    "left bicep": "left-upper-arm",
    "right bicep": "right-upper-arm",
    "left forearm": "left-forearm",
    "right forearm": "right-forearm",
    "abdomen": "abdomen",
    "waist": "waist",
    "hips": "hip",
    "left thigh": "left-thigh",
    "right thigh": "right-thigh",
    "left calf": "left-calf",
    "right calf": "right-calf",
}
_COLUMNS: Final = {
    "date": Column("date"),
    "weight kg": Column("body-weight", "kg"),
    "weight lbs": Column("body-weight", "lb"),
    "weight lb": Column("body-weight", "lb"),
    "fat percent": Column("body-fat", "%"),
    **{f"{title} {unit}": Column(slug, unit) for title, slug in _GIRTHS.items() for unit in ("cm", "in")},
}


def is_measurements(header_keys: set[str]) -> bool:
    """Whether these column titles are Hevy's: a date, fat percent, and a body weight or a girth with its unit."""
    others = _COLUMNS.keys() - {"date", "fat percent"}
    return {"date", "fat percent"} <= header_keys and not others.isdisjoint(header_keys)


def parse_hevy_measurements(table: Table) -> ParsedFile:
    """Parse a Hevy measurement file whose header is known to be one; a blank or 0 is no measurement.

    A row without any is skipped; a cell that is wrong is an error and leaves its neighbours in place.

    Raises:
        FileRefused: too many rows; more than half of them bad.
    """
    layout = Layout(table, _COLUMNS)
    collector = Collector(SLUG, table, layout.unknown)
    keys: set[str] = set()
    for record in table.records():
        if collector.count(record):
            _take(layout, collector, record, keys)
    return collector.finish()


def _take(layout: Layout, collector: Collector, record: Record, keys: set[str]) -> None:
    cell = layout.cell(record, "date")
    taken_at = parse_local_datetime(cell.text)
    if taken_at is None or not FIRST_YEAR <= taken_at.year <= LAST_YEAR:
        collector.error(record.line, cell, "not a date, or not one that can be" if cell.text else "no date")
        return
    before = len(collector.file.measurements)
    for metric, places in layout.places.items():
        for place in places if metric != "date" else ():
            key = f"hevy:{taken_at.isoformat(timespec='minutes')}:{metric}"
            measurement = _measurement(collector, record, place, metric)
            if measurement is not None:
                unique = _unique(key, keys)
                collector.file.measurements.append(ParsedMeasurement(record.line, unique, metric, *measurement, taken_at.date()))
    if len(collector.file.measurements) == before and not collector.is_bad(record.line):
        collector.file.skipped += 1


def _measurement(collector: Collector, record: Record, place: Place, metric: str) -> tuple[Decimal, str] | None:
    cell = cell_at(record, place)
    value = parse_decimal(cell.text)
    if not cell.text or value == 0:
        return None
    if value is None or value < 0:
        collector.error(record.line, cell, f"not a value of {metric}")
        return None
    return value, place.unit or ""


def _unique(key: str, keys: set[str]) -> str:
    """A second value of the same metric in the same minute is kept too, under a numbered key."""
    candidate = key
    number = 1
    while candidate in keys:
        number += 1
        candidate = f"{key}#{number}"
    keys.add(candidate)
    return candidate
