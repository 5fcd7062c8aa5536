"""What can be asked about progress: each answer is a few statements in the caller's transaction."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from reptrail import clock
from reptrail.catalog.builtin import builtin_id
from reptrail.db.pool import Transaction
from reptrail.errors import FieldError, Problem, not_found
from reptrail.progress import queries
from reptrail.progress.formulas import DAYS_PER_WEEK, LOAD_MEMORY_DAYS, e1rm_slope, trend_on, weight_rate, weight_trend
from reptrail.progress.rules import (
    LIFT_TREND_WEEKS,
    LOAD_MEANINGS,
    BestSet,
    BodyWeight,
    Candidate,
    Lately,
    Lift,
    OpenSession,
    Report,
    Week,
    WeeklyBest,
    balances,
    broken,
    in_unit,
    load_caveats,
    load_series,
    load_week,
    rep_maxes,
    standing,
)
from reptrail.training.rules import SetLoad, WeightUnit

# Who asks for a report also names its type.
__all__ = ["Report", "adherence", "calendar", "exercise", "load", "records", "report", "summary", "volume"]

BODY_WEIGHT = builtin_id("metric", "body-weight")
MAX_WEEKS = 520
MAX_LIFTS = 200
FOUR_WEEKS = timedelta(weeks=4)
SECONDS_PER_MINUTE = 60


async def report(
    tx: Transaction, *, weeks: int = 12, top: int = 8, names: Sequence[str] = (), now: datetime | None = None
) -> Report:
    """All that the terminal report says about the athlete of this transaction. Six statements.

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
        lately=await _lately(tx, now),
    )


async def _lately(tx: Transaction, now: datetime) -> Lately:
    found, loads = await summary(tx, None, None, now), await load(tx, None, None, now)
    return Lately(
        sessions=found["now"]["sessions"],
        sessions_change=found["change"]["sessions"],
        records=found["now"]["records"],
        adherence=found["now"]["adherence"],
        load_ratio=loads["days"][-1]["ratio"],
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


# --- The charts: one statement each -----------------------------------------------------------------------------------------

_candidates = msgspec.json.Decoder(list[Candidate]).decode
_days = msgspec.json.Decoder(list[dict[str, Any]]).decode
NOTHING = msgspec.Raw(b"[]")


async def records(tx: Transaction) -> dict[str, Any]:
    """Every record that stands, by exercise."""
    row = await _asked(tx, queries.RECORDS)
    return {"weight_unit": row["weight_unit"], "items": msgspec.Raw(row["items"].encode())}


async def exercise(tx: Transaction, exercise_id: UUID, since: date | None, until: date | None) -> dict[str, Any]:
    """An exercise's sets, days and trend in a period (weights in the athlete's unit), and its records of all time.

    Raises:
        Problem: not-found (no such exercise, and nothing was done with it).
    """
    row = await _asked(tx, queries.EXERCISE, since, until, exercise_id)
    if row["exercise_id"] is None and row["first_day"] is None:
        raise not_found()
    unit = WeightUnit(row["weight_unit"])
    candidates = _candidates(row["candidates"] or "[]")
    trend = {p.day: p.trend_kg for p in weight_trend(list(zip(row["e1rm_days"] or (), row["e1rms"] or (), strict=True)))}
    days = _days(row["days"] or "[]")
    for day in days:
        smoothed = trend.get(date.fromisoformat(day["day"]))
        day["e1rm_smoothed"] = None if smoothed is None else round(smoothed, 3)
    slope = e1rm_slope([(date.fromisoformat(day["day"]), day["e1rm"]) for day in days if day["e1rm"] is not None])
    return {
        "exercise_id": exercise_id,
        "exercise_name": row["exercise_name"],
        "weight_unit": unit,
        "from": row["since"],
        "to": row["until"],
        "sets": row["sets"],
        "volume": in_unit(row["volume_kg"], unit),
        "first_day": row["first_day"],
        "last_day": row["last_day"],
        "records": standing(candidates, unit),
        "records_broken": broken(candidates, unit)[::-1],
        "rep_maxes": rep_maxes(candidates, unit),
        "days": days,
        "e1rm_per_week": None if slope is None else round(slope, 3),
        "sessions": NOTHING if row["sessions"] is None else msgspec.Raw(row["sessions"].encode()),
    }


_COMPARED = ("sessions", "sets", "volume", "minutes", "load", "records", "adherence")


async def summary(tx: Transaction, since: date | None, until: date | None, now: datetime | None = None) -> dict[str, Any]:
    """A period in numbers, the one before it of the same length, and the change between the two."""
    rows = await tx.rows(queries.SUMMARY, tx.athlete, now or clock.now(), since, until)
    if not rows:
        raise not_found()
    this, before = (_summed(row) for row in rows)
    pairs = ((name, this[name], before[name]) for name in _COMPARED)
    return {
        "weight_unit": rows[0]["weight_unit"],
        "now": this,
        "before": before,
        "change": {name: None if a is None or b is None else round(a - b, 4) for name, a, b in pairs},
        "streak_weeks": rows[0]["streak_weeks"],
        "longest_streak_weeks": rows[0]["longest_streak_weeks"],
    }


def _summed(row: asyncpg.Record) -> dict[str, Any]:
    was_due = row["done"] + row["skipped"] + row["missed"]
    return {
        "from": row["since"],
        "to": row["until"],
        "sessions": row["sessions"],
        "sets": row["sets"],
        "volume": float(row["volume"]),
        "minutes": _minutes(row["seconds"]),
        "load": round(float(row["load"]), 3),
        "sessions_without_load": row["sessions_without_load"],
        "records": row["records"],
        "done": row["done"],
        "skipped": row["skipped"],
        "missed": row["missed"],
        "adherence": round(row["done"] / was_due, 4) if was_due else None,
    }


async def volume(tx: Transaction, since: date | None, until: date | None) -> dict[str, Any]:
    """Volume load and hard sets by ISO week and muscle, and the balance between groups of muscles."""
    row = await _asked(tx, queries.VOLUME, since, until)
    muscles = _days(row["muscles"] or "[]")
    return {
        "weight_unit": row["weight_unit"],
        "from": row["since"],
        "to": row["until"],
        "weeks": msgspec.Raw(row["weeks"].encode()),
        "muscles": muscles,
        "balances": balances({m["muscle"]: m["sets"] for m in muscles}),
    }


async def load(tx: Transaction, since: date | None, until: date | None, now: datetime | None = None) -> dict[str, Any]:
    """Training load by day and week, what follows from it, and in words where it does not apply."""
    row = await _asked(tx, queries.LOADS, since, until, now=now)
    first, last, today = row["since"], min(row["until"], row["today"]), row["today"]
    known = 0 if row["first_day"] is None else max(0, (last - row["first_day"]).days + 1)
    shown = (last - first).days + 1
    daily = [0.0] * max(shown, min(known, shown + LOAD_MEMORY_DAYS))
    for days_ago, amount in zip(row["days_ago"] or (), row["loads"] or (), strict=True):
        daily[-1 - days_ago] = amount
    weeks = range(0, shown, DAYS_PER_WEEK)
    loads = daily[len(daily) - shown :]
    return {
        "from": first,
        "to": row["until"],
        "sessions": row["sessions"],
        "sessions_without_load": row["without_load"],
        "days_known": known,
        "caveats": load_caveats(known, row["sessions"], row["without_load"]),
        "meanings": LOAD_MEANINGS,
        "days": load_series(daily[-min(known, len(daily)) :] if known else (), known, first, last),
        "weeks": [load_week(first + timedelta(days=n), loads[n : n + DAYS_PER_WEEK], today) for n in weeks],
    }


async def adherence(tx: Transaction, since: date | None, until: date | None) -> bytes:
    """What came of the sessions planned for a period: in all, by ISO week, and by program."""
    return await _json(tx, queries.ADHERENCE, since, until)


async def calendar(tx: Transaction, year: int | None) -> bytes:
    """The days of a year on which something was done, and how much."""
    return await _json(tx, queries.CALENDAR, year)


async def _asked(tx: Transaction, statement: str, *args: Any, now: datetime | None = None) -> asyncpg.Record:
    row = await tx.row(statement, tx.athlete, now or clock.now(), *args)
    if row is None:
        raise not_found()
    return row


async def _json(tx: Transaction, statement: str, *args: Any) -> bytes:
    document = await tx.json(statement, tx.athlete, clock.now(), *args)
    if document is None:
        raise not_found()
    return document
