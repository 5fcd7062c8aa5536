"""What can be asked about progress: each answer is a few statements in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from reptrail import clock
from reptrail.catalog.builtin import builtin_id
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, not_found
from reptrail.progress import queries
from reptrail.progress.formulas import trend_on, weight_rate, weight_trend
from reptrail.progress.rules import LIFT_TREND_WEEKS, BestSet, BodyWeight, Lift, OpenSession, Report, Week, WeeklyBest
from reptrail.training.rules import SetLoad, WeightUnit

# Who asks for a report also names its type.
__all__ = ["Report", "report"]

BODY_WEIGHT = builtin_id("metric", "body-weight")
MAX_WEEKS = 520
MAX_LIFTS = 200
FOUR_WEEKS = timedelta(weeks=4)
SECONDS_PER_MINUTE = 60


async def report(
    tx: Transaction, *, weeks: int = 12, top: int = 8, names: Sequence[str] = (), now: datetime | None = None
) -> Report:
    """All that the terminal report says about the athlete of this transaction. Four statements.

    Args:
        tx: may be a coach's; without measurements:read there is no body weight in the answer.
        weeks: how many ISO weeks, this one included.
        top: how many exercises at most, those with the most sets within these weeks first.
        names: parts of exercise names, in whatever case; none means all exercises.
        now: the time it is taken for, the clock's if None.

    Raises:
        Problem: invalid, not-found (there is no such athlete).
    """
    _check(weeks, top)
    now = now or clock.now()
    row = await tx.row(queries.OVERVIEW, tx.athlete, now)
    if row is None:
        raise not_found()
    found_weeks = await tx.rows(queries.WEEKS, tx.athlete, now, weeks)
    wanted = [name for name in names if name.strip()] or None
    lifts = await tx.rows(queries.LIFTS, tx.athlete, now, weeks, top, wanted, LIFT_TREND_WEEKS)
    weights = await tx.rows(queries.DAILY_VALUES, tx.athlete, BODY_WEIGHT)
    return Report(
        display_name=row["display_name"],
        time_zone=row["time_zone"],
        weight_unit=WeightUnit(row["weight_unit"]),
        today=row["today"],
        sessions=row["sessions"],
        sets=row["sets"],
        volume_kg=row["volume_kg"],
        minutes=_minutes(row["seconds"]),
        first_day=row["first_day"],
        last_day=row["last_day"],
        streak_weeks=row["streak_weeks"],
        longest_streak_weeks=row["longest_streak_weeks"],
        in_progress=_open_session(row, "in_progress"),
        planned=_open_session(row, "planned"),
        weeks=tuple(_week(w) for w in found_weeks),
        lifts=tuple(_lift(r) for r in lifts),
        body_weight=_body_weight(weights),
    )


def _check(weeks: int, top: int) -> None:
    bounds = (("weeks", weeks, MAX_WEEKS), ("top", top, MAX_LIFTS))
    errors = [FieldError(f"query/{name}", f"must be from 1 to {most}") for name, value, most in bounds if not 1 <= value <= most]
    if errors:
        raise Problem("invalid", errors=errors)


def _minutes(seconds: int) -> int:
    return round(seconds / SECONDS_PER_MINUTE)


def _week(row: asyncpg.Record) -> Week:
    return Week(
        monday=row["monday"],
        sessions=row["sessions"],
        sets=row["sets"],
        volume_kg=row["volume_kg"],
        minutes=_minutes(row["seconds"]),
    )


def _open_session(row: asyncpg.Record, which: str) -> OpenSession | None:
    session_id = row[f"{which}_id"]
    if session_id is None:
        return None
    return OpenSession(session_id=session_id, workout_name=row[f"{which}_name"], at=row[f"{which}_at"])


def _lift(row: asyncpg.Record) -> Lift:
    trend = zip(row["mondays"] or (), row["e1rms_kg"] or (), strict=True)
    return Lift(
        exercise_id=row["exercise_id"],
        exercise_name=row["exercise_name"],
        sessions_lately=row["sessions_lately"],
        sets_lately=row["sets_lately"],
        sets=row["sets"],
        volume_kg=row["volume_kg"],
        first_day=row["first_day"],
        last_day=row["last_day"],
        heaviest=_best_set(row, "heaviest"),
        best_e1rm=_best_set(row, "best_e1rm"),
        trend=tuple(WeeklyBest(monday=monday, e1rm_kg=e1rm_kg) for monday, e1rm_kg in trend),
    )


def _best_set(row: asyncpg.Record, which: str) -> BestSet | None:
    def column(name: str) -> Any:
        return row[f"{which}_{name}"]

    if column("id") is None:
        return None
    unit = column("weight_unit")
    return BestSet(
        set_id=column("id"),
        day=column("day"),
        reps=column("reps"),
        weight=column("weight"),
        weight_unit=None if unit is None else WeightUnit(unit),
        weight_kg=column("weight_kg"),
        load=SetLoad(column("load")),
        rpe=column("rpe"),
        e1rm_kg=column("e1rm_kg"),
    )


def _body_weight(rows: Sequence[asyncpg.Record]) -> BodyWeight | None:
    if not rows:
        return None
    points = weight_trend([(row["day"], row["value"]) for row in rows])
    first, last = points[0], points[-1]
    before = trend_on(points, last.day - FOUR_WEEKS)
    return BodyWeight(
        points=points,
        rate_kg_per_week=weight_rate(points),
        change_4_weeks_kg=None if before is None else last.trend_kg - before,
        change_kg=last.trend_kg - first.trend_kg,
    )
