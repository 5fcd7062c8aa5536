"""What can be done with goals, one function a verb: load, decide, store. Forecasts and their calibration are reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail import clock
from reptrail.catalog.builtin import builtin_id
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, not_found
from reptrail.goals import queries
from reptrail.goals.formulas import Coverage, Series, coverage
from reptrail.goals.rules import (
    FORECAST_DAYS,
    Direction,
    Outlook,
    Target,
    default_horizon,
    direction,
    goal_state,
    outlook,
    progress_share,
)
from reptrail.goals.wire import GoalOut
from reptrail.http.encoding import encode
from reptrail.http.preconditions import changed
from reptrail.ids import uuid7
from reptrail.measurements.rules import WEIGHT_ID, Metric, unit_errors
from reptrail.training.rules import WeightUnit

LIFT_UNITS = tuple(WeightUnit)
CALIBRATED_LIFTS = 8


class GoalMetric(Metric, frozen=True):
    """A metric as a goal must know it."""

    slug: str | None
    metric_name: str


class _Stored(msgspec.Struct):
    """What is compared of a goal that is stored already."""

    metric_id: UUID | None
    exercise_id: UUID | None
    target_value: Decimal
    target_unit: str
    start_date: date
    target_date: date
    goal_notes: str | None
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalEntry:
    """A goal to be stored; of the two ids one is set. No start date: the athlete's today."""

    id: UUID
    metric_id: UUID | None
    exercise_id: UUID | None
    target_value: Decimal
    target_unit: str
    start_date: date | None
    target_date: date
    goal_notes: str | None
    # Where the metric or exercise stood in the request, a JSON pointer, for the errors.
    pointer: str = "/metric"

    def is_said_by(self, stored: _Stored) -> bool:
        """Whether a stored goal says the same: then it was sent before. A start that was left to us is not compared."""
        return (
            stored.is_active
            and self.start_date in (None, stored.start_date)
            and all(
                getattr(stored, name) == getattr(self, name)
                for name in ("metric_id", "exercise_id", "target_value", "target_unit", "target_date", "goal_notes")
            )
        )


_decode_metric = msgspec.json.Decoder(GoalMetric).decode
_decode_stored = msgspec.json.Decoder(_Stored).decode


def _goal_out(row: asyncpg.Record) -> GoalOut:
    factor = row["unit_factor"]

    def in_unit(canonical: Any) -> float | None:
        return None if canonical is None else float(canonical / factor)

    return GoalOut(
        id=row["id"],
        user_id=row["user_id"],
        metric_id=row["metric_id"],
        metric=row["metric"],
        exercise_id=row["exercise_id"],
        name=row["subject_name"],
        target_value=row["target_value"],
        target_unit=row["target_unit"],
        start_date=row["start_date"],
        target_date=row["target_date"],
        goal_notes=row["goal_notes"],
        state=goal_state(row["reached_on"], row["target_date"], row["today"]),
        direction=direction(row["canonical_start"], row["canonical_target"]),
        start_value=in_unit(row["canonical_start"]),
        current_value=in_unit(row["canonical_current"]),
        last_day=row["last_day"],
        progress=progress_share(row["canonical_start"], row["canonical_current"], row["canonical_target"]),
        reached_on=row["reached_on"],
        created_by=row["created_by"],
        updated_by=row["updated_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


async def goal(tx: Transaction, goal_id: UUID) -> GoalOut:
    """A goal with how it stands. One statement.

    Raises:
        Problem: not-found.
    """
    row = await tx.row(queries.GOAL, tx.athlete, clock.now(), goal_id)
    if row is None:
        raise not_found()
    return _goal_out(row)


async def goals(tx: Transaction, after: tuple[date | None, UUID | None], limit: int) -> list[GoalOut]:
    """Up to `limit` goals that the actor may see, the nearest target date first. One statement where there are any.

    Raises:
        Problem: forbidden, if the actor may read goals of neither kind.
    """
    rows = await tx.rows(queries.GOALS, tx.athlete, clock.now(), *after, limit)
    if not rows and not await tx.value(queries.MAY_READ):
        raise Problem("forbidden", "training:read or measurements:read is needed")
    return [_goal_out(row) for row in rows]


async def create_goal(tx: Transaction, entry: GoalEntry) -> None:
    """Stores a goal; one that is stored already with the same contents is not stored again.

    Raises:
        Problem: forbidden (the actor may not write goals of this kind), invalid (no such metric or exercise, a unit it does
            not take, days that cannot be), id-taken.
    """
    context = await tx.row(queries.CONTEXT, tx.athlete, entry.metric_id, entry.exercise_id, entry.id)
    if context is None:
        raise not_found()
    _require_scope(is_lift=entry.metric_id is None, may=context, verb="write")
    if context["stored"] is not None:
        if not entry.is_said_by(_decode_stored(context["stored"])):
            current = msgspec.Raw(context["stored"].encode())
            raise Problem("id-taken", "a goal with this id is stored with other contents", extra={"current": current})
        return
    today = clock.today(context["time_zone"])
    metric = None if context["metric"] is None else _decode_metric(context["metric"])
    ready = replace(entry, start_date=entry.start_date or min(today, entry.target_date))
    errors = [] if metric or context["has_exercise"] else [FieldError(entry.pointer, "there is none such")]
    if metric or context["has_exercise"]:
        errors += _unit_errors(metric, ready.target_unit, "/target_unit")
    errors += _day_errors(ready.start_date, ready.target_date, today)
    if errors:
        raise Problem("invalid", errors=errors)
    await tx.execute(
        queries.INSERT,
        tx.athlete,
        ready.id,
        ready.metric_id,
        ready.exercise_id,
        ready.target_value,
        ready.target_unit,
        ready.start_date,
        ready.target_date,
        ready.goal_notes,
    )


def _require_scope(*, is_lift: bool, may: asyncpg.Record, verb: str) -> None:
    """Raises Problem (forbidden) unless a row that says what the actor may do allows this."""
    domain = "training" if is_lift else "measurements"
    if not may[f"may_{verb}_{domain}"]:
        raise Problem("forbidden", f"the scope {domain}:{verb} is needed")


def _unit_errors(metric: GoalMetric | None, unit: str, pointer: str) -> list[FieldError]:
    if metric is None:
        return [] if unit in LIFT_UNITS else [FieldError(pointer, f"must be one of {', '.join(LIFT_UNITS)}")]
    return [FieldError(pointer, error.detail) for error in unit_errors(metric, unit)]


def _day_errors(start: date | None, target: date, today: date) -> list[FieldError]:
    if start is not None and start > target:
        return [FieldError("/target_date", "must not be before start_date")]
    return [FieldError("/start_date", f"lies in the future: today is {today}")] if start is not None and start > today else []


async def _find(tx: Transaction, goal_id: UUID, if_match: int | None) -> asyncpg.Record:
    """A goal that the actor may edit.

    Raises:
        Problem: not-found; forbidden; precondition-failed with the goal, if it is not of version `if_match`.
    """
    row = await tx.row(queries.FIND, tx.athlete, goal_id)
    if row is None:
        raise not_found()
    if not row["may_write"]:
        raise Problem("forbidden", f"the scope {'training' if row['metric_id'] is None else 'measurements'}:write is needed")
    if if_match is not None and row["version"] != if_match:
        raise changed(encode(await goal(tx, goal_id)))
    return row


async def change_goal(tx: Transaction, goal_id: UUID, given: dict[str, Any], if_match: int | None) -> None:
    """Edits a goal. `given` holds the columns that were sent.

    Raises:
        Problem: as _find; invalid.
    """
    row = await _find(tx, goal_id, if_match)
    names = ("target_value", "target_unit", "start_date", "target_date", "goal_notes")
    values = {name: given.get(name, row[name]) for name in names}
    metric = None if row["metric"] is None else _decode_metric(row["metric"])
    errors = _unit_errors(metric, values["target_unit"], "/target_unit") if "target_unit" in given else []
    if {"start_date", "target_date"} & given.keys():
        errors += _day_errors(values["start_date"], values["target_date"], clock.today(row["time_zone"]))
    if errors:
        raise Problem("invalid", errors=errors)
    if not await tx.execute(queries.UPDATE, tx.athlete, goal_id, row["version"], *values.values()):
        raise not_found()


async def delete_goal(tx: Transaction, goal_id: UUID, if_match: int | None) -> None:
    """Hides a goal; the owner can restore it from the ledger.

    Raises:
        Problem: as _find.
    """
    await _find(tx, goal_id, if_match)
    await tx.execute(queries.HIDE, tx.athlete, goal_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be forecast: a goal, or a metric or exercise towards a target in a unit by a day."""

    goal_id: UUID | None = None
    metric_id: UUID | None = None
    exercise_id: UUID | None = None
    target: Decimal | None = None
    unit: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast in the metric's canonical unit, or kg; `factor` of them are one of `row['target_unit']`."""

    row: asyncpg.Record
    goal_id: UUID | None
    metric: GoalMetric | None
    target_date: date
    direction: Direction | None
    outlook: Outlook

    @property
    def factor(self) -> float:
        """How many of the canonical unit one of the answer's unit is."""
        return float(self.row["unit_factor"])


async def forecast(tx: Transaction, wanted: Wanted) -> Forecast:
    """The forecast that was asked for. One statement.

    Raises:
        Problem: not-found (goal, metric or exercise), forbidden (the actor may not read its data), invalid (a unit that the
            metric does not take).
    """
    row = await tx.row(
        queries.FORECAST,
        tx.athlete,
        clock.now(),
        wanted.goal_id,
        wanted.metric_id,
        wanted.exercise_id,
        wanted.target,
        wanted.unit,
        FORECAST_DAYS,
    )
    if row is None:
        raise not_found()
    is_lift = row["exercise_id"] is not None
    _require_scope(is_lift=is_lift, may=row, verb="read")
    metric = None if row["metric"] is None else _decode_metric(row["metric"])
    if metric is None and row["exercise_name"] is None:
        raise not_found()
    if wanted.unit is not None and (errors := _unit_errors(metric, wanted.unit, "query/unit")):
        raise Problem("invalid", errors=errors)
    today: date = row["today"]
    day = row["target_date"] or wanted.day or default_horizon(today)
    series: Series = list(zip(row["days"] or (), row["daily"] or (), strict=True))
    target, start = row["canonical_target"], row["canonical_start"]
    way = None if target is None else direction(start, target)
    leads_to = Target(None if way is None or target is None else float(target), way is Direction.UP, day)
    return Forecast(row, wanted.goal_id, metric, day, way, outlook(series, leads_to, today, is_lift=is_lift))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How often the forecasts of a series held, at each horizon; widths in kg."""

    subject: str
    days: int
    horizons: Sequence[Coverage]


async def calibrate(tx: Transaction) -> list[Calibration]:
    """Forecasts of body weight and of the most trained lifts over the whole history, held against what came. One statement."""
    rows = await tx.rows(queries.CALIBRATION, tx.athlete, clock.now(), WEIGHT_ID, CALIBRATED_LIFTS)
    return [
        Calibration(row["subject"], len(row["days"]), coverage(list(zip(row["days"], row["daily"], strict=True)))) for row in rows
    ]


def new_id(given: UUID | None) -> UUID:
    """The id a client chose, else one of ours."""
    return given or uuid7()


def metric_named(named: str) -> UUID:
    """The metric that a slug or an id names. A built-in metric's id follows from its slug."""
    try:
        return UUID(named)
    except ValueError:
        return builtin_id("metric", named)
