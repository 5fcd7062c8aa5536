"""The numbers of one set: reps, weight, duration, distance and RPE, each with its limits and its unit."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from reptrail.training.rules import SetKind, WeightUnit
from reptrail.transfer.formats.collecting import Cell, Collector, Layout, Place, cell_at
from reptrail.transfer.formats.fields import (
    METRES_PER,
    parse_decimal,
    parse_distance_unit,
    parse_duration_seconds,
    parse_weight_unit,
)
from reptrail.transfer.formats.parsed import DistanceUnit, ParsedSet
from reptrail.transfer.formats.reading import FileRefused, Record, Refusal

MAX_REPS = 1000
MAX_WEIGHT_IN_ITS_UNIT = Decimal(2000)
MAX_SET_SECONDS = 32_767  # a SMALLINT
MAX_DISTANCE_M = Decimal(1_000_000)
MIN_RPE, MAX_RPE = Decimal(1), Decimal(10)
# A file without a unit: nobody runs 200 km in a set, and hardly anybody logs 200 m, so what is larger is metres.
LARGEST_UNITLESS_KM = Decimal(200)

_HALF: Final = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SetValues:
    """Reads a record's numbers into a set.

    The layout's columns are `reps`, `weight`, `weight unit`, `seconds`, `distance`, `distance unit` and `rpe`. The two
    units are the person's choice, for values whose unit neither the row nor the header states.
    """

    layout: Layout
    collector: Collector
    weight_unit: WeightUnit | None
    distance_unit: DistanceUnit | None

    def read(self, record: Record, kind: SetKind, position: int) -> ParsedSet | None:
        """The set, or None where errors name the record's line. Every wrong value of the record gets its own issue.

        Raises:
            FileRefused: a weight other than 0 in a file that has no unit, and none was chosen.
        """
        weight, unit = self._weight(record)
        taken = ParsedSet(
            line=record.line,
            position=position,
            kind=kind,
            reps=self._reps(record),
            weight=weight,
            weight_unit=unit,
            duration_seconds=self._seconds(record),
            distance_m=self._metres(record),
            rpe=self._rpe(record),
        )
        if self.collector.is_bad(record.line):
            return None
        return taken if self._says_something(record, taken) else None

    def _says_something(self, record: Record, taken: ParsedSet) -> bool:
        if taken.duration_seconds or taken.distance_m:
            taken.reps = taken.reps or None  # apps write 0 reps where reps do not apply
            return True
        if taken.reps or (taken.reps == 0 and taken.weight):
            return True  # 0 reps at a weight is an attempt that failed
        reason = "a weight without reps, duration or distance" if taken.weight else "nothing logged"
        self.collector.error(record.line, self.layout.cell(record, "reps"), reason)
        return False

    def _reps(self, record: Record) -> int | None:
        cell = self.layout.cell(record, "reps")
        number = self._number(record, cell, "a number of reps")
        if number is None:
            return None
        if number % 1 or not 0 <= number <= MAX_REPS:
            self.collector.error(record.line, cell, f"reps are whole numbers from 0 to {MAX_REPS}")
            return None
        return int(number)

    def _weight(self, record: Record) -> tuple[Decimal, WeightUnit] | tuple[None, None]:
        place, cell, number = self._first_not_zero(record, "weight", "a weight")
        if number is None:
            return None, None
        unit = self._unit_of_weight(record, cell, place)
        if unit is None:
            return None, None
        if abs(number) > MAX_WEIGHT_IN_ITS_UNIT:
            self.collector.error(record.line, cell, f"a weight is at most {MAX_WEIGHT_IN_ITS_UNIT} {unit}")
            return None, None
        return number, unit

    def _unit_of_weight(self, record: Record, cell: Cell, place: Place | None) -> WeightUnit | None:
        stated = self.layout.cell(record, "weight unit")
        if stated.text:
            unit = parse_weight_unit(stated.text)
            if unit is None:
                self.collector.error(record.line, stated, "unknown weight unit")
            return unit
        if place and place.unit:
            return WeightUnit(place.unit)
        if self.weight_unit is None and self.layout.has("weight unit"):
            self.collector.error(record.line, cell, "a weight without unit")
        elif self.weight_unit is None:
            raise FileRefused(Refusal.WEIGHT_UNIT_NEEDED, "The file does not say whether its weights are kg or lb.")
        return self.weight_unit

    def _seconds(self, record: Record) -> int | None:
        cell = self.layout.cell(record, "seconds")
        if not cell.text:
            return None
        exact = parse_duration_seconds(cell.text)
        if exact is None or not 0 <= exact <= MAX_SET_SECONDS:
            reason = "not a duration" if exact is None else f"a set lasts from 1 to {MAX_SET_SECONDS} seconds"
            self.collector.error(record.line, cell, reason)
            return None
        whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
        if whole != exact:
            self.collector.warn(record.line, cell, f"rounded to {whole} seconds")
        return int(whole) or None

    def _metres(self, record: Record) -> Decimal | None:
        place, cell, number = self._first_not_zero(record, "distance", "a distance")
        if number is None:
            return None
        unit = self._unit_of_distance(record, cell, place, number)
        if unit is None:
            return None
        metres = number * METRES_PER[unit]
        if not 0 < metres <= MAX_DISTANCE_M:
            self.collector.error(record.line, cell, f"a distance is at most {MAX_DISTANCE_M} m and not negative")
            return None
        return metres

    def _unit_of_distance(self, record: Record, cell: Cell, place: Place | None, number: Decimal) -> DistanceUnit | None:
        stated = self.layout.cell(record, "distance unit")
        if stated.text:
            unit = parse_distance_unit(stated.text)
            if unit is None:
                self.collector.error(record.line, stated, "unknown distance unit")
            return unit
        if place and place.unit:
            return DistanceUnit(place.unit)
        if self.distance_unit is not None:
            return self.distance_unit
        guess = DistanceUnit.M if number > LARGEST_UNITLESS_KM else DistanceUnit.KM
        self.collector.warn(record.line, cell, f"the file names no distance unit: taken as {guess}")
        return guess

    def _rpe(self, record: Record) -> Decimal | None:
        cell = self.layout.cell(record, "rpe")
        if not cell.text:
            return None
        number = parse_decimal(cell.text)
        if number is not None and number == 0:
            return None
        if number is None or not MIN_RPE <= number <= MAX_RPE or number % _HALF:
            self.collector.warn(record.line, cell, "not an RPE from 1 to 10 in halves: left out")
            return None
        return number

    def _number(self, record: Record, cell: Cell, what: str) -> Decimal | None:
        if not cell.text:
            return None
        number = parse_decimal(cell.text)
        if number is None:
            self.collector.error(record.line, cell, f"not {what}")
        return number

    def _first_not_zero(self, record: Record, column: str, what: str) -> tuple[Place | None, Cell, Decimal | None]:
        """A column may stand once a unit; where several are filled, the first that is not 0 counts. 0 means none."""
        for place in self.layout.places.get(column, ()):
            cell = cell_at(record, place)
            number = self._number(record, cell, what)
            if number:
                return place, cell, number
        return None, Cell(column, ""), None
