"""Strong's CSV export in all its generations, read by the titles of its columns.

Classic (iOS, comma, no unit anywhere), its short form without notes, the one with unit columns (Android: semicolon,
duration last; iOS: comma), the one since app 6.2.3 (semicolon, everything quoted, units in the titles), and German
titles. One row is one set; times are local without zone. A session is known by its start and its name; the counter
`Workout #` may change between exports and is not read.
"""

import re
from datetime import timedelta
from typing import Final

from reptrail.training.rules import SetKind, WeightUnit
from reptrail.transfer.formats.collecting import Collector, Column, Layout
from reptrail.transfer.formats.fields import parse_duration_seconds
from reptrail.transfer.formats.gathering import Block, Gathered, Gathering
from reptrail.transfer.formats.parsed import DistanceUnit, ParsedFile
from reptrail.transfer.formats.reading import Record, Table
from reptrail.transfer.formats.setvalues import SetValues

SLUG: Final = "strong"

_COLUMNS: Final = {
    "workout": Column("counter"),
    "date": Column("start"),
    "datum": Column("start"),
    "workout name": Column("session"),
    "duration": Column("duration"),
    "duration sec": Column("duration"),
    "workout duration": Column("duration"),
    "dauer": Column("duration"),
    "workout dauer": Column("duration"),
    "exercise name": Column("exercise"),
    "name der übung": Column("exercise"),
    "set order": Column("set order"),
    "reihenfolge festlegen": Column("set order"),
    "weight": Column("weight"),
    "gewicht": Column("weight"),
    "weight kg": Column("weight", WeightUnit.KG),
    "weight lb": Column("weight", WeightUnit.LB),
    "weight lbs": Column("weight", WeightUnit.LB),
    "weight unit": Column("weight unit"),
    "reps": Column("reps"),
    "wiederh": Column("reps"),
    "rpe": Column("rpe"),
    "distance": Column("distance"),
    "entfernung": Column("distance"),
    "distance meters": Column("distance", DistanceUnit.M),
    "distance m": Column("distance", DistanceUnit.M),
    "distance km": Column("distance", DistanceUnit.KM),
    "distance miles": Column("distance", DistanceUnit.MI),
    "distance mi": Column("distance", DistanceUnit.MI),
    "distance unit": Column("distance unit"),
    "seconds": Column("seconds"),
    "sekunden": Column("seconds"),
    "notes": Column("notes"),
    "notizen": Column("notes"),
    "workout notes": Column("session notes"),
    "workout notizen": Column("session notes"),
}
SIGNATURES: Final = (
    frozenset({"date", "exercise name", "set order"}),
    frozenset({"datum", "name der übung", "reihenfolge festlegen"}),
)

_REST: Final = "rest timer"
_NOTE: Final = "note"
_NUMBERED: Final = re.compile(r"[0-9]+(?:\.0+)?")
_LETTERED: Final = re.compile(r"([wdf])[0-9]*")
_KINDS: Final = {"w": SetKind.WARMUP, "d": SetKind.DROP, "f": SetKind.FAILURE}


def parse_strong(table: Table, weight_unit: WeightUnit | None, distance_unit: DistanceUnit | None) -> ParsedFile:
    """Parse a Strong file whose header is known to be one.

    Args:
        table: the opened file.
        weight_unit: the person's choice for weights whose unit the file does not state.
        distance_unit: the same for distances; without it a number over 200 is metres and any other km, with a warning.

    Raises:
        FileRefused: a weight other than 0 without any unit; too many rows; more than half of them bad.
    """
    layout = Layout(table, _COLUMNS)
    collector = Collector(SLUG, table, layout.unknown)
    gathering = Gathering(SLUG, collector, layout, SetValues(layout, collector, weight_unit, distance_unit))
    for record in table.records():
        if collector.count(record):
            _take(gathering, record)
    return gathering.finish()


def _take(gathering: Gathering, record: Record) -> None:
    layout, collector = gathering.layout, gathering.collector
    token = layout.cell(record, "set order").text.casefold()
    if _REST in (token, layout.cell(record, "exercise").text.casefold()):
        collector.file.skipped += 1
        return
    placed = gathering.place(record, key_precision="seconds", group_number=None)
    if placed is None:
        return
    gathered, block = placed
    _duration(gathering, record, gathered)
    if token == _NOTE:
        gathering.add_exercise_note(record, block)
        collector.file.skipped += 1
    else:
        _set(gathering, record, block, token)


def _set(gathering: Gathering, record: Record, block: Block, token: str) -> None:
    """A note on the first row of a block is about the exercise; one on a later row is about that set."""
    is_first = block.set_rows == 0
    if is_first:
        gathering.add_exercise_note(record, block)
    own_note = not is_first and gathering.layout.cell(record, "notes").text not in block.notes_seen
    gathering.add_set(record, block, _kind(gathering, record, token), own_note=own_note)


def _kind(gathering: Gathering, record: Record, token: str) -> SetKind:
    lettered = _LETTERED.fullmatch(token)
    if lettered:
        return _KINDS[lettered[1]]
    if not _NUMBERED.fullmatch(token):
        cell = gathering.layout.cell(record, "set order")
        gathering.collector.warn(record.line, cell, "unknown set order: taken as a working set")
    return SetKind.WORKING


def _duration(gathering: Gathering, record: Record, gathered: Gathered) -> None:
    cell = gathering.layout.cell(record, "duration")
    if not gathering.is_news(record, gathered, cell):
        return
    seconds = parse_duration_seconds(cell.text)
    if seconds is None:
        gathering.collector.warn(record.line, cell, "not a duration: left out")
    elif seconds:  # Strong writes 0m where it does not know
        gathering.set_span(record, gathered.session, cell, timedelta(seconds=int(seconds)))
