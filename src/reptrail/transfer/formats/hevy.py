"""Hevy's workout_data.csv: one row a set, newest session first, times local without zone, to the minute.

The titles of the weight and distance columns state the unit. Month names are in the phone's language. `superset_id`
counts from 0 within a session, so 0 is a group and only a blank is none.
"""

import re
from typing import Final

from reptrail.training.rules import SetKind, WeightUnit
from reptrail.transfer.formats.collecting import Collector, Column, Layout
from reptrail.transfer.formats.fields import header_key, parse_local_datetime
from reptrail.transfer.formats.gathering import Gathered, Gathering
from reptrail.transfer.formats.parsed import DistanceUnit, ParsedFile
from reptrail.transfer.formats.reading import Record, Table
from reptrail.transfer.formats.setvalues import SetValues

SLUG: Final = "hevy"
SIGNATURE: Final = frozenset({"exercise title", "set index", "start time"})

_COLUMNS: Final = {
    "title": Column("session"),
    "start time": Column("start"),
    "end time": Column("end"),
    "description": Column("session notes"),
    "exercise title": Column("exercise"),
    "superset id": Column("superset"),
    "exercise notes": Column("notes"),
    "set index": Column("set index"),
    "set type": Column("set type"),
    "weight": Column("weight"),
    "weight kg": Column("weight", WeightUnit.KG),
    "weight lbs": Column("weight", WeightUnit.LB),
    "weight lb": Column("weight", WeightUnit.LB),
    "reps": Column("reps"),
    "distance": Column("distance"),
    "distance km": Column("distance", DistanceUnit.KM),
    "distance miles": Column("distance", DistanceUnit.MI),
    "distance mi": Column("distance", DistanceUnit.MI),
    "distance meters": Column("distance", DistanceUnit.M),
    "duration seconds": Column("seconds"),
    "rpe": Column("rpe"),
}

# Hevy's words, the spellings of tools that write its layout, and the numbers 1 to 4 of some of them.
_KINDS: Final = {
    "normal": SetKind.WORKING,
    "1": SetKind.WORKING,
    "warmup": SetKind.WARMUP,
    "warm up": SetKind.WARMUP,
    "2": SetKind.WARMUP,
    "dropset": SetKind.DROP,
    "drop set": SetKind.DROP,
    "drop": SetKind.DROP,
    "3": SetKind.DROP,
    "failure": SetKind.FAILURE,
    "4": SetKind.FAILURE,
}
_SMALL_NUMBER: Final = re.compile(r"[0-9]{1,3}")


def parse_hevy(table: Table, weight_unit: WeightUnit | None, distance_unit: DistanceUnit | None) -> ParsedFile:
    """Parse a Hevy workout file whose header is known to be one.

    Args:
        table: the opened file.
        weight_unit: the person's choice, only for a column `weight` without unit (Hevy itself always states it).
        distance_unit: the same for distances.

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
    group_number = _group_number(gathering, record)
    index = gathering.layout.cell(record, "set index").text
    set_index = int(index) if _SMALL_NUMBER.fullmatch(index) else 0
    placed = gathering.place(record, key_precision="minutes", group_number=group_number, set_index=set_index)
    if placed is None:
        return
    gathered, block = placed
    _end(gathering, record, gathered)
    gathering.add_exercise_note(record, block)
    gathering.add_set(record, block, _kind(gathering, record))


def _group_number(gathering: Gathering, record: Record) -> int | None:
    cell = gathering.layout.cell(record, "superset")
    if not cell.text:
        return None
    if not _SMALL_NUMBER.fullmatch(cell.text):
        gathering.collector.warn(record.line, cell, "not the number of a superset: left out")
        return None
    return int(cell.text) + 1


def _kind(gathering: Gathering, record: Record) -> SetKind:
    cell = gathering.layout.cell(record, "set type")
    kind = _KINDS.get(header_key(cell.text))
    if kind is None:
        gathering.collector.warn(record.line, cell, "unknown set type: taken as a working set")
        return SetKind.WORKING
    return kind


def _end(gathering: Gathering, record: Record, gathered: Gathered) -> None:
    cell = gathering.layout.cell(record, "end")
    if not gathering.is_news(record, gathered, cell):
        return
    ended_at = parse_local_datetime(cell.text)
    if ended_at is None:
        gathering.collector.warn(record.line, cell, "not a date and time: the end was left out")
    else:
        gathering.set_span(record, gathered.session, cell, ended_at - gathered.session.started_at)
