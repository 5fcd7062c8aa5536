"""Measurements over time and body composition over HTTP: parse, call, answer."""

from uuid import UUID

from reptrail.body import actions, rules
from reptrail.body.wire import BodyOut, BodyQuery, CompositionOut, EstimateOut, InputOut, PointOut, SeriesOut, SeriesQuery
from reptrail.catalog.builtin import builtin_id
from reptrail.db.pool import Transaction
from reptrail.http.edge import Answer, answers
from reptrail.training.rules import KG_PER_LB, WeightUnit

METHOD = (
    "Mean of a day's values; trend by exponential smoothing, 10 % a day, gaps counted as days (Walker 1991, Wright 1986); rate by "
    "least squares through the trend of the last 28 days"
)


@answers("not-found")
async def get_series(tx: Transaction, metric: str, query: SeriesQuery) -> Answer[SeriesOut]:
    """A metric over time: each day's value with its trend, the rate a week, and the change in the period and since the start."""
    found = await actions.metric_series(tx, _metric_id(metric), query.from_, query.to, query.unit)
    row = found.row
    return Answer(
        SeriesOut(
            metric_id=row["metric_id"],
            metric=row["slug"],
            metric_name=row["metric_name"],
            unit=row["unit"],
            canonical_unit=row["canonical_unit"],
            from_=row["since"],
            to=row["until"],
            points=[
                # The entries are JSON that PostgreSQL built, passed through.
                PointOut(point.day, point.kg, point.trend_kg, entries)  # type: ignore[arg-type]
                for point, entries in zip(found.points, found.entries, strict=True)
            ],
            rate_per_week=found.rate_per_week,
            change_in_period=found.change_in_period,
            first_day=row["first_day"],
            change_since_start=found.change_since_start,
            method=METHOD,
        )
    )


async def get_body(tx: Transaction, query: BodyQuery) -> Answer[BodyOut]:
    """Body composition: BMI, body fat by circumferences, lean mass and fat-free mass index, each with inputs and method."""
    found = await actions.body_composition(tx, query.on, query.sex)
    unit = found.weight_unit
    told = [
        CompositionOut(
            each.method,
            _estimate_out(each.body_fat),
            _in_unit(_estimate_out(each.lean_mass), unit),
            _estimate_out(each.ffmi),
            _estimate_out(each.ffmi_normalized),
        )
        for each in found.compositions
    ]
    return Answer(BodyOut(found.on, unit, _estimate_out(found.bmi), told))


def _estimate_out(made: rules.Estimate) -> EstimateOut:
    inputs = [InputOut(each.metric, each.value, each.unit, each.day) for each in made.inputs]
    return EstimateOut(made.value, made.unit, made.method, inputs, made.reason, made.caveat, list(made.missing))


def _in_unit(made: EstimateOut, unit: WeightUnit) -> EstimateOut:
    """An estimate in kg, in the athlete's unit of weight."""
    if made.value is not None and unit is WeightUnit.LB:
        made.value /= float(KG_PER_LB)
    made.unit = unit
    return made


def _metric_id(named: str) -> UUID:
    """The metric that a slug or an id names. A built-in metric's id follows from its slug."""
    try:
        return UUID(named)
    except ValueError:
        return builtin_id("metric", named)
