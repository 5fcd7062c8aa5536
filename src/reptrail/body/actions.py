"""What can be asked about measurements over time: each answer is one statement in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
import msgspec

from reptrail import clock
from reptrail.body import queries
from reptrail.body.rules import INPUT_UNITS, Composition, Estimate, Input, Sex, bmi, compositions
from reptrail.catalog.builtin import builtin_id
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, not_found
from reptrail.measurements.rules import HEIGHT_ID, Metric, unit_errors
from reptrail.progress.formulas import TrendPoint, weight_rate, weight_trend
from reptrail.training.rules import WeightUnit

# A value's share in the trend of a year later is 0.9^365, a hundredth of what a float can tell from one: reading on would
# cost and say nothing.
TREND_MEMORY_DAYS = 365

_decode_metric = msgspec.json.Decoder(Metric).decode
_SLUGS = {builtin_id("metric", slug): slug for slug in INPUT_UNITS}


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """A metric over time in `row['unit']`: the days of the period with their trend and their entries (JSON)."""

    row: asyncpg.Record
    points: Sequence[TrendPoint]
    entries: Sequence[msgspec.Raw]
    rate_per_week: float | None
    change_in_period: float | None
    change_since_start: float | None


async def metric_series(tx: Transaction, metric_id: UUID, since: date | None, until: date | None, unit: str | None) -> MetricSeries:
    """A metric over time. One statement.

    Raises:
        Problem: not-found (no such metric), invalid (a unit that it does not take).
    """
    row = await tx.row(queries.SERIES, tx.athlete, metric_id, clock.now(), since, until, unit, TREND_MEMORY_DAYS)
    if row is None:
        raise not_found()
    if unit is not None:
        errors = [FieldError("query/unit", error.detail) for error in unit_errors(_decode_metric(row["metric"]), unit)]
        if errors:
            raise Problem("invalid", errors=errors)
    # Made for body weight in kg; nothing in it is about either.
    points = weight_trend(list(zip(row["days"] or (), row["daily"] or (), strict=True)))
    before = sum(point.day < row["since"] for point in points)
    shown = points[before:]
    return MetricSeries(
        row,
        shown,
        [msgspec.Raw(entries.encode()) for entries in (row["entries"] or ())[before:]],
        weight_rate(points) if shown else None,
        shown[-1].trend_kg - shown[0].trend_kg if shown else None,
        shown[-1].trend_kg - row["first_value"] if shown else None,
    )


@dataclass(frozen=True, slots=True)
class BodyComposition:
    """Body composition on a day, masses in kg."""

    on: date
    weight_unit: WeightUnit
    bmi: Estimate
    compositions: Sequence[Composition]


class _Latest(msgspec.Struct):
    id: UUID
    day: date
    value: float


_decode_latest = msgspec.json.Decoder(list[_Latest]).decode


async def body_composition(tx: Transaction, on: date | None, sex: Sex | None) -> BodyComposition:
    """What the newest measurements up to a day (the athlete's today) say of the body's composition. One statement."""
    row = await tx.row(queries.LATEST, tx.athlete, list(_SLUGS), clock.now(), on, HEIGHT_ID)
    if row is None:
        raise not_found()
    found = [(_SLUGS[each.id], each) for each in _decode_latest(row["latest"])]
    latest = {slug: Input(slug, each.value, INPUT_UNITS[slug], each.day) for slug, each in found}
    return BodyComposition(row["day"], WeightUnit(row["weight_unit"]), bmi(latest), compositions(latest, sex))
