"""What the slow reference of progress is made of: days, rounding, sums of states, lines, load, and how answers are compared."""

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

Row = dict[str, Any]


def rounded(value: Fraction | None, digits: int = 3) -> float | None:
    """Halves away from zero; nothing here is negative."""
    return None if value is None else math.floor(value * 10**digits + Fraction(1, 2)) / 10**digits


def monday_of(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def states(due: list[tuple[date, str, Any]]) -> Row:
    names = ("DONE", "SKIPPED", "MISSED", "DUE", "AHEAD", "PAUSED", "CANCELLED", "IN_PROGRESS")
    counted = {name.lower(): sum(state == name for _, state, _ in due) for name in names}
    was_due = counted["done"] + counted["skipped"] + counted["missed"]
    return {**counted, "adherence": counted["done"] / was_due if was_due else None}


def slope(points: list[tuple[date, float]]) -> float | None:
    """The least-squares line by its normal equations, a week."""
    if len(points) < 3 or (points[-1][0] - points[0][0]).days < 14:
        return None
    xs, ys = [(day - points[0][0]).days for day, _ in points], [y for _, y in points]
    n, sum_x, sum_y = len(xs), sum(xs), sum(ys)
    sum_xy, sum_xx = sum(x * y for x, y in zip(xs, ys, strict=True)), sum(x * x for x in xs)
    return round(7 * (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x), 3)


def load(reference: Any, since: date | None, until: date | None) -> Row:
    """The load chart, day by day from the first load on."""
    first, end = reference.period(since, until, 84, weeks=True)
    last = min(end, reference.today)
    by_day: dict[date, float] = defaultdict(float)
    for s in reference.done:
        if s["load"] is not None and s["day"] <= last:
            by_day[s["day"]] += float(s["load"])
    begin = min(by_day, default=None)
    state: tuple[float, ...] | None = None
    rows = []
    for day in days_from(min(begin or first, first), last):
        x = by_day.get(day, 0.0)
        if begin is not None and day >= begin:
            a, c, fit, tired = state or (x, x, 0.0, 0.0)
            a, c = a + (x - a) * 2 / 8, c + (x - c) * 2 / 29
            state = a, c, fit * math.e ** (-1 / 42) + x, tired * math.e ** (-1 / 7) + x
        if day >= first:
            row = dict(zip(("acute", "chronic", "fitness", "fatigue"), state or (None,) * 4, strict=True))
            ratio = state[0] / state[1] if state and begin and (day - begin).days >= 27 and state[1] >= 0.0005 else None
            rows.append({"day": day, "load": x, **row, "ratio": ratio})
    weeks = []
    for monday in days_from(first, end)[::7]:
        if monday > reference.today:
            continue
        daily = [by_day.get(day, 0.0) for day in days_from(monday, monday + timedelta(days=6))]
        mean = sum(daily) / 7
        deviation = math.sqrt(sum(x * x for x in daily) / 7 - mean * mean) if len(set(daily)) > 1 else 0
        alike = mean / deviation if deviation and monday + timedelta(days=6) < reference.today else None
        strain = None if alike is None else alike * sum(daily)
        weeks.append({"monday": monday, "load": sum(daily), "monotony": alike, "strain": strain})
    shown = [s for s in reference.done if first <= s["day"] <= last]
    return {
        "from": first,
        "to": end,
        "sessions": len(shown),
        "sessions_without_load": sum(s["load"] is None for s in shown),
        "days_known": max(0, (last - begin).days + 1) if begin else 0,
        "days": rows,
        "weeks": weeks,
    }


def differences(found: Any, expected: Any, path: str = "") -> list[str]:
    """Where an answer is not what it should be; numbers may differ by what rounding leaves."""
    if isinstance(expected, dict):
        if not isinstance(found, dict) or found.keys() != expected.keys():
            return [f"{path}: keys {sorted(found) if isinstance(found, dict) else found} not {sorted(expected)}"]
        return [d for name in expected for d in differences(found[name], expected[name], f"{path}/{name}")]
    if isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return [f"{path}: {len(found)} not {len(expected)}: {found} not {expected}"[:1500]]
        return [d for n, (a, b) in enumerate(zip(found, expected, strict=True)) for d in differences(a, b, f"{path}/{n}")]
    return [] if is_same(found, expected, path.rpartition("/")[2]) else [f"{path}: {found} not {expected}"]


def is_same(found: Any, expected: Any, name: str) -> bool:
    if isinstance(expected, (int, float, Decimal)) and isinstance(found, (int, float)):
        # Recursions in floats, rounded to a thousandth, may fall on either side of a half.
        return bool(abs(found - float(expected)) <= (0.0011 if name in ROUNDED_LATE else 1e-9))
    if isinstance(expected, datetime):
        return datetime.fromisoformat(found) == expected
    return bool(found == (str(expected) if isinstance(expected, (date, UUID)) else expected))


ROUNDED_LATE = {"acute", "chronic", "ratio", "fitness", "fatigue", "load", "monotony", "strain", "e1rm_smoothed", "e1rm_per_week"}
