"""The wire structs of measurements: what is taken, with its bounds, and what is answered."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from reptrail.catalog.builtin import builtin_id
from reptrail.errors import FieldError
from reptrail.http.bodies import Body, Day, bounded, text
from reptrail.http.paging import Page
from reptrail.measurements.rules import MAX_MEASUREMENTS_PER_REQUEST, MeasurementEntry, MeasurementSource

# Never negative, NaN or infinite; the upper bound is only there so that sums of any history stay exact.
Value = Annotated[Decimal, bounded(0, 1_000_000_000, 6)]
Unit = Annotated[str, text(1, 20)]
Notes = Annotated[str, text(0, 1000)]
Slug = Annotated[str, text(1, 120)]


def _source_errors(source: MeasurementSource | UnsetType) -> Iterable[FieldError]:
    if source is MeasurementSource.CALCULATED:
        yield FieldError("/measurement_source", "CALCULATED is kept by the system: send MANUAL, DEVICE or ESTIMATED")


class MeasurementIn(Body, kw_only=True):
    """A measurement; the unit is one the metric allows, by its UCUM code or as people write it ("lb").

    Without measurement_date it is of the athlete's today. confirm=true stores a value outside the plausible bounds.
    """

    id: UUID | None = None
    metric_id: UUID | None = None
    metric: Slug | None = None
    measured_value: Value
    unit: Unit
    measurement_date: Day | None = None
    measurement_notes: Notes | None = None
    measurement_source: MeasurementSource = MeasurementSource.MANUAL
    confirm: bool = False

    def together(self) -> Iterable[FieldError]:
        """One of the two says what was measured."""
        if (self.metric_id is None) == (self.metric is None):
            yield FieldError("/metric", "give metric (a slug) or metric_id, one of the two")
        yield from _source_errors(self.measurement_source)

    def entry(self) -> MeasurementEntry:
        """The measurement as the actions take it."""
        return MeasurementEntry(
            id=self.id,
            metric_id=self.metric_id or builtin_id("metric", self.metric or ""),
            measured_value=self.measured_value,
            unit=self.unit,
            measurement_date=self.measurement_date,
            measurement_notes=self.measurement_notes,
            measurement_source=self.measurement_source,
            confirm=self.confirm,
            metric_slug=self.metric,
        )


class MeasurementPatch(Body):
    """What to change of a measurement; null clears the notes."""

    measured_value: Value | UnsetType = UNSET
    unit: Unit | UnsetType = UNSET
    measurement_date: Day | UnsetType = UNSET
    measurement_notes: Notes | None | UnsetType = UNSET
    measurement_source: MeasurementSource | UnsetType = UNSET
    confirm: bool = False

    def together(self) -> Iterable[FieldError]:
        """Nothing becomes the system's."""
        yield from _source_errors(self.measurement_source)

    def changes(self) -> dict[str, Any]:
        """The columns that were sent."""
        return {name: value for name, value in self.given().items() if name != "confirm"}


class MeasurementsQuery(Page):
    """What measurements to list: `metric` is a slug or an id, days are included."""

    metric: Slug | None = None
    from_: Day | None = msgspec.field(default=None, name="from")
    to: Day | None = None
    source: MeasurementSource | None = None


class MeasurementOut(msgspec.Struct):
    """A measurement: value and unit as entered, and the same in the metric's canonical unit.

    `metric` is the slug, null for a private metric.
    """

    id: UUID
    user_id: UUID
    metric_id: UUID
    metric: str | None
    metric_name: str
    measured_value: float
    unit: str
    measurement_date: Day
    canonical_value: float
    canonical_unit: str
    measurement_source: MeasurementSource
    measurement_notes: str | None
    import_id: UUID | None
    created_by: UUID
    updated_by: UUID | None
    created_at: datetime
    updated_at: datetime
    version: int


class MeasurementPage(msgspec.Struct):
    """A page of measurements, newest first."""

    items: list[MeasurementOut]
    next_cursor: str | None


Measurements = MeasurementIn | Annotated[list[MeasurementIn], Meta(min_length=1, max_length=MAX_MEASUREMENTS_PER_REQUEST)]
