"""The wire structs of measurements over time and body composition."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from reptrail.body.rules import BodyFatMethod, Sex
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Day, text
from reptrail.measurements.rules import MeasurementSource
from reptrail.training.rules import WeightUnit

Unit = Annotated[str, text(1, 20)]


class SeriesQuery(Body):
    """Which days (included; by default the year that ends today) and in which unit (by default the athlete's, else canonical)."""

    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None
    unit: Unit | None = None

    def together(self) -> Iterable[FieldError]:
        """Days in order."""
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            yield FieldError("/to", "must not be before from")


class BodyQuery(Body):
    """As of which day (by default today), and whose formula for circumferences (by default both)."""

    on: Day | None = None
    sex: Sex | None = None


class EntryOut(msgspec.Struct):
    """One value of a day, as it was entered."""

    id: UUID
    measured_value: Decimal
    unit: str
    measurement_source: MeasurementSource


class PointOut(msgspec.Struct):
    """A day: the mean of its values and the trend, in the chosen unit, and its values as they were entered."""

    day: Day
    value: float
    trend: float
    entries: list[EntryOut]


class SeriesOut(msgspec.Struct, kw_only=True):
    """A metric over time, every number in `unit` but the entries, which keep their own.

    `trend` smooths by 10 % a day, from the first value there is; the changes are the trend's: in the period from its first
    measured day to its last, and since `first_day`, the first of all. `rate_per_week` is the slope of the trend over the 28
    days that end with the last measured day; null where these hold less than a week.
    """

    metric_id: UUID
    metric: str | None
    metric_name: str
    unit: str
    canonical_unit: str
    from_: Day = msgspec.field(name="from")
    to: Day
    points: list[PointOut]
    rate_per_week: float | None
    change_in_period: float | None
    first_day: Day | None
    change_since_start: float | None
    method: str


class InputOut(msgspec.Struct):
    """A measurement that an estimate was made from."""

    metric: str
    value: float
    unit: str
    day: Day


class EstimateOut(msgspec.Struct):
    """An estimate: its value, null where `reason` says why; what it was made from, how, and what to think of it.

    `missing` are the slugs of what is not measured; empty where what is measured gives no value that can be.
    """

    value: float | None
    unit: str
    method: str
    inputs: list[InputOut]
    reason: str | None
    caveat: str
    missing: list[str]


class CompositionOut(msgspec.Struct):
    """Body fat by one method, and what follows from it."""

    method: BodyFatMethod
    body_fat: EstimateOut
    lean_mass: EstimateOut
    ffmi: EstimateOut
    ffmi_normalized: EstimateOut


class BodyOut(msgspec.Struct):
    """Body composition on a day; lean mass in the athlete's unit of weight."""

    on: Day
    weight_unit: WeightUnit
    bmi: EstimateOut
    compositions: list[CompositionOut]
