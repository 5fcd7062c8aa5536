"""What a measurement may say, and what is calculated from measurements: pure, no I/O, no clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from reptrail.catalog.builtin import builtin_id, find_unit
from reptrail.errors import FieldError

WEIGHT_ID: Final = builtin_id("metric", "body-weight")
HEIGHT_ID: Final = builtin_id("metric", "height")
BMI_ID: Final = builtin_id("metric", "bmi")

MAX_MEASUREMENTS_PER_REQUEST = 200
MAX_DAYS_AHEAD = 1


class MeasurementSource(StrEnum):
    """Where a value comes from. CALCULATED is the system's own and cannot be edited."""

    MANUAL = "MANUAL"
    DEVICE = "DEVICE"
    CALCULATED = "CALCULATED"
    ESTIMATED = "ESTIMATED"


class Metric(msgspec.Struct, frozen=True):
    """What a measurement must know of its metric. The bounds are plausible ones, in `canonical_unit`."""

    id: UUID
    canonical_unit: str
    allowed_units: list[str]
    minimum_plausible: Decimal | None
    maximum_plausible: Decimal | None
    is_calculated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementEntry:
    """One measurement to be stored: value and unit exactly as entered.

    No id: one is made. No date: the athlete's today. `metric_slug` only says how the metric was named.
    """

    id: UUID | None
    metric_id: UUID
    measured_value: Decimal
    unit: str
    measurement_date: date | None
    measurement_notes: str | None = None
    measurement_source: MeasurementSource = MeasurementSource.MANUAL
    confirm: bool = False
    metric_slug: str | None = None
    import_id: UUID | None = None
    import_key: str | None = None


def unit_allowed(entered: str, allowed_units: Sequence[str]) -> bool:
    """Whether a metric takes a unit: one of its own, or the other spelling of one ("lb" for "[lb_av]")."""
    unit = find_unit(entered)
    return entered in allowed_units or (unit is not None and any(find_unit(allowed) is unit for allowed in allowed_units))


def to_canonical(value: Decimal, unit: str) -> Decimal:
    """A value in the canonical unit of its dimension; a unit of an athlete's own is its own canonical unit."""
    known = find_unit(unit)
    return value if known is None else value * known.factor


def entry_errors(entry: MeasurementEntry, metric: Metric | None, today: date) -> Iterator[FieldError]:
    """Everything that cannot be right about an entry, pointers relative to it."""
    named_by = "/metric_id" if entry.metric_slug is None else "/metric"
    if metric is None:
        yield FieldError(named_by, "there is no such metric")
    elif metric.is_calculated:
        yield FieldError(named_by, "is calculated by the system and cannot be entered")
    else:
        yield from unit_errors(metric, entry.unit)
    yield from date_errors(entry.measurement_date, today)


def unit_errors(metric: Metric, unit: str) -> Iterator[FieldError]:
    """A unit that the metric does not take."""
    if not unit_allowed(unit, metric.allowed_units):
        spellings = dict.fromkeys(spelling for allowed in metric.allowed_units for spelling in _spellings(allowed))
        yield FieldError("/unit", f"must be one of {', '.join(spellings)}")


def _spellings(unit: str) -> tuple[str, ...]:
    known = find_unit(unit)
    return (unit,) if known is None else (known.symbol, known.code)


def date_errors(measured_on: date | None, today: date) -> Iterator[FieldError]:
    """A date in the far future: a phone's time zone may be ahead of the athlete's, a day at most."""
    if measured_on is not None and measured_on > today + timedelta(days=MAX_DAYS_AHEAD):
        yield FieldError("/measurement_date", f"lies in the future: today is {today}")


def plausibility_errors(metric: Metric, value: Decimal, unit: str) -> Iterator[FieldError]:
    """A value outside the metric's plausible bounds, both of which are plausible themselves."""
    canonical = to_canonical(value, unit)
    low, high = metric.minimum_plausible, metric.maximum_plausible
    if (low is None or canonical >= low) and (high is None or canonical <= high):
        return
    said = f"{value} {unit}"
    if unit != metric.canonical_unit:
        said += f" ({canonical.normalize():f} {metric.canonical_unit})"
    bounds = f"from {low}" if high is None else f"up to {high}" if low is None else f"from {low} to {high}"
    yield FieldError("/measured_value", f"{said} is outside the plausible range {bounds} {metric.canonical_unit}")
