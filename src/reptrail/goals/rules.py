"""What a goal's state is, what a forecast says, and when progress stands still: pure, no I/O, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from reptrail.goals.formulas import (
    DAYS_PER_WEEK,
    HORIZONS_DAYS,
    LEAST_DAYS,
    LEAST_SPAN_DAYS,
    MAX_WINDOW_DAYS,
    MEMORY_DAYS,
    MIN_WINDOW_DAYS,
    Band,
    Series,
    band,
    fit,
    t_quantile,
)

# What a forecast reads: a year of past forecasts, the first of which reads 90 days itself.
FORECAST_DAYS = MEMORY_DAYS + MAX_WINDOW_DAYS
# A line that ended a month ago says nothing of next month.
MOST_SILENT_DAYS = 28
FARTHEST_DAYS = 365
MOST_BAND_POINTS = 53

# A lift's e1RM goes up and down with what a day was for, so on a day it is the best of four weeks.
E1RM_IN_FORCE_DAYS = 28
# A goal's beginning is looked for within a year before its start.
START_WITHIN_DAYS = 365

PLATEAU_DAYS = 28
PLATEAU_LEAST_DAYS = 10
PLATEAU_LEAST_SPAN_DAYS = 21
PLATEAU_CONFIDENCE = 0.9
# Half of the slowest weight loss that is advised to athletes, 0.5 % a week (Helms, Aragon and Fitschen 2014).
PLATEAU_SHARE_PER_WEEK = 0.0025
LIFT_PLATEAU_DAYS = 42
LIFT_PLATEAU_LEAST_DAYS = 6
_LEAST_DEGREES = 1.0


class Direction(StrEnum):
    """Which way a target lies from where its goal began."""

    UP = "UP"
    DOWN = "DOWN"


class GoalState(StrEnum):
    """Whether a goal is still to be reached, was, or was not by its day. It is read from the data and kept nowhere."""

    OPEN = "OPEN"
    REACHED = "REACHED"
    PAST = "PAST"


class Refusal(StrEnum):
    """Why there is no forecast."""

    NO_DATA = "NO_DATA"
    TOO_FEW_DAYS = "TOO_FEW_DAYS"
    SILENT = "SILENT"
    NO_SPREAD = "NO_SPREAD"


class Movement(StrEnum):
    """Whether progress stands still. UNCLEAR: the values lie too far apart to tell."""

    PLATEAU = "PLATEAU"
    CHANGING = "CHANGING"
    UNCLEAR = "UNCLEAR"
    TOO_FEW = "TOO_FEW"


def direction(start: float | Decimal | None, target: float | Decimal) -> Direction | None:
    """Which way a target lies from the start; UP where it is the start itself; None without a start."""
    if start is None:
        return None
    return Direction.UP if target >= start else Direction.DOWN


def goal_state(reached_on: date | None, target_date: date, today: date) -> GoalState:
    """A goal's state on a day of the athlete's: its target date is the last day of it."""
    if reached_on is not None:
        return GoalState.REACHED
    return GoalState.PAST if target_date < today else GoalState.OPEN


def progress_share(start: Decimal | None, current: Decimal | None, target: Decimal) -> float | None:
    """How much of the way from start to target is done: 0 to 1, below 0 where it went the other way; None where unknown.

    A target that is the start itself (stay there) is met or not: of no way there is no share.
    """
    if start is None or current is None:
        return None
    way = target - start
    if way == 0:
        return 1.0 if current >= target else 0.0
    return min(1.0, float((current - start) / way)) + 0.0  # no -0.0


def refusal(series: Series, today: date, bands: Band | None) -> Refusal | None:
    """Why nothing can be said, None if something can."""
    if not series:
        return Refusal.NO_DATA
    if (today - series[-1][0]).days > MOST_SILENT_DAYS:
        return Refusal.SILENT
    if bands is None:
        return Refusal.TOO_FEW_DAYS
    return Refusal.NO_SPREAD if bands.line.residual_sd == 0 else None


REASONS = {
    Refusal.NO_DATA: "there is nothing measured to reckon with",
    Refusal.SILENT: f"the last value is more than {MOST_SILENT_DAYS} days old",
    Refusal.TOO_FEW_DAYS: (
        f"a forecast needs values of at least {LEAST_DAYS} days over at least {LEAST_SPAN_DAYS} days, within {MAX_WINDOW_DAYS} days"
    ),
    Refusal.NO_SPREAD: "the values lie on one line to the last digit: nothing tells how far off it may be",
}


@dataclass(frozen=True, slots=True)
class DayForecast:
    """What is expected of a day: the point, and what holds it with a chance of 80 %."""

    day: date
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the target is met: on the line, at the earliest and at the latest edge of the band; None: not within a year."""

    day: date | None
    earliest: date | None
    latest: date | None


def expected(bands: Band, day: date) -> DayForecast:
    """The forecast of one day."""
    ahead = (day - bands.line.origin).days
    low, high = bands.interval(ahead)
    return DayForecast(day, bands.line.at(ahead), low, high)


def band_points(bands: Band, until: date) -> list[DayForecast]:
    """The forecast week by week from the last measured day up to a day, for a chart; a year of it at most."""
    weeks = max(0, (until - bands.line.origin).days) // DAYS_PER_WEEK
    days = [bands.line.origin + timedelta(weeks=week) for week in range(min(weeks, MOST_BAND_POINTS - 1) + 1)]
    if days[-1] < until and len(days) < MOST_BAND_POINTS:
        days.append(until)
    return [expected(bands, day) for day in days]


def arrival(bands: Band, target: float, *, is_up: bool, today: date) -> Arrival:
    """When the line and the edges of its band meet a target, from today on.

    The latest day is the first whose whole interval lies at the target or past it; the band widens with time, so it may
    never come.
    """
    sign = 1 if is_up else -1
    line, origin = bands.line, bands.line.origin
    met: dict[str, date] = {}
    begin = max(0, (today - origin).days)
    for ahead in range(begin, begin + FARTHEST_DAYS + 1):
        distance, half_width = sign * (line.at(ahead) - target), bands.half_width(ahead)
        if distance + half_width < 0:
            continue
        day = origin + timedelta(days=ahead)
        met.setdefault("earliest", day)
        if distance >= 0:
            met.setdefault("day", day)
        if distance >= half_width:
            met["latest"] = day
            break
    return Arrival(met.get("day"), met.get("earliest"), met.get("latest"))


def is_tested(ahead: int) -> bool:
    """Whether forecasts so many days ahead are held against what came."""
    return ahead <= HORIZONS_DAYS[-1]


@dataclass(frozen=True, slots=True)
class Standstill:
    """Whether progress stands still, over `days` days with values since `since`.

    Of a metric: the rate a week and its 90 % confidence interval. Of a lift: the best e1RM and its day.
    """

    movement: Movement
    since: date | None
    days: int
    rate_per_week: float | None = None
    rate_low: float | None = None
    rate_high: float | None = None
    best: float | None = None
    best_day: date | None = None


def metric_standstill(series: Series) -> Standstill:
    """Whether a metric stands still over the 28 days that end with its last value.

    A plateau is shown, not concluded from silence: the 90 % confidence interval of the rate must lie within a quarter of a
    percent of the mean value a week, either way. CHANGING: it lies on one side of zero, and not within. Needs ten days with
    values over three weeks. Source: two one-sided tests, Schuirmann 1987, "A comparison of the two one-sided tests procedure
    and the power approach".
    """
    if not series:
        return Standstill(Movement.TOO_FEW, None, 0)
    since = series[-1][0] - timedelta(days=PLATEAU_DAYS - 1)
    recent = [(day, value) for day, value in series if day >= since]
    if len(recent) < PLATEAU_LEAST_DAYS or (recent[-1][0] - recent[0][0]).days < PLATEAU_LEAST_SPAN_DAYS:
        return Standstill(Movement.TOO_FEW, since, len(recent))
    line = fit(recent)
    worth = line.days * (1 - line.correlation) / (1 + line.correlation)
    quantile = t_quantile((1 + PLATEAU_CONFIDENCE) / 2, round(max(_LEAST_DEGREES, worth - 2), 1))
    rate, margin = DAYS_PER_WEEK * line.slope, DAYS_PER_WEEK * quantile * line.slope_error()
    low, high = rate - margin, rate + margin
    bound = PLATEAU_SHARE_PER_WEEK * abs(line.mean_y)
    if -bound <= low and high <= bound:
        movement = Movement.PLATEAU
    else:
        movement = Movement.CHANGING if low > 0 or high < 0 else Movement.UNCLEAR
    return Standstill(movement, since, line.days, rate, low, high)


def lift_standstill(series: Series) -> Standstill:
    """Whether a lift stands still: no new best e1RM in the six weeks that end with its last value.

    Needs six days with an e1RM within those weeks and one before them. Six weeks are a long mesocycle (two to six weeks:
    Haff and Triplett 2016, "Essentials of Strength Training and Conditioning", chapter 22): a plan had time to work.
    """
    if not series:
        return Standstill(Movement.TOO_FEW, None, 0)
    since = series[-1][0] - timedelta(days=LIFT_PLATEAU_DAYS - 1)
    recent = [(day, value) for day, value in series if day >= since]
    before = [(day, value) for day, value in series if day < since]
    best_day, best = _first_best(series)
    if len(recent) < LIFT_PLATEAU_LEAST_DAYS or not before:
        movement = Movement.TOO_FEW
    else:
        movement = Movement.PLATEAU if best_day < since else Movement.CHANGING
    return Standstill(movement, since, len(recent), best=best, best_day=best_day)


def _first_best(series: Series) -> tuple[date, float]:
    """The first day of the greatest value."""
    return min(series, key=lambda point: (-point[1], point[0]))


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that is told of a series towards a target, in the series' own unit; `band` is None where `refusal` says why."""

    refusal: Refusal | None
    band: Band | None
    at_date: DayForecast | None
    chance: float | None
    arrival: Arrival | None
    points: Sequence[DayForecast]
    standstill: Standstill


@dataclass(frozen=True, slots=True)
class Target:
    """Where a forecast is to lead: a value, if one is wanted, the way to it, and a day."""

    value: float | None
    is_up: bool
    day: date


def outlook(series: Series, target: Target, today: date, *, is_lift: bool) -> Outlook:
    """A forecast of a series (one value a day, 455 days of it suffice) towards a target, as known on `today`."""
    standstill = lift_standstill(series) if is_lift else metric_standstill(series)
    bands = band(series)
    refused = refusal(series, today, bands)
    if refused is not None or bands is None:
        return Outlook(refused, None, None, None, None, (), standstill)
    ahead = (target.day - bands.line.origin).days
    is_ahead = target.day >= today and ahead >= 0
    chance = arrives = None
    if target.value is not None:
        arrives = arrival(bands, target.value, is_up=target.is_up, today=today)
        chance = bands.chance(ahead, target.value, is_up=target.is_up) if is_ahead else None
    at_date = expected(bands, target.day) if is_ahead else None
    until = target.day if is_ahead else bands.line.origin
    return Outlook(None, bands, at_date, chance, arrives, band_points(bands, until), standstill)


def default_horizon(today: date) -> date:
    """The day that is forecast where none is named."""
    return today + timedelta(days=MIN_WINDOW_DAYS)
