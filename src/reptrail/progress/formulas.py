"""The formulas behind the numbers: pure, each with its source, shapes and units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import exp, sqrt

# Above this many repetitions to failure the one-repetition formulas were never fitted.
E1RM_MAX_REPS = 12
RPE_OF_FAILURE = Decimal(10)

# Of the distance between a day's body weight and the trend, this share is taken into the trend within one day.
WEIGHT_TREND_SHARE_PER_DAY = 0.1
WEIGHT_RATE_DAYS = 28
DAYS_PER_WEEK = 7
# A line through less than a week of body weights says how much somebody drank, not where they are going.
WEIGHT_RATE_MIN_DAYS = 7

# A line through fewer days of an exercise, or through less than two weeks, says how somebody slept.
E1RM_SLOPE_MIN_POINTS = 3
E1RM_SLOPE_MIN_DAYS = 14

ACUTE_DAYS = 7
CHRONIC_DAYS = 28
FITNESS_DAYS = 42
FATIGUE_DAYS = 7
# What was done longer ago than so many time constants weighs less (exp(-38)) than a float can tell from nothing.
LOAD_MEMORY = 38
LOAD_MEMORY_DAYS = LOAD_MEMORY * FITNESS_DAYS
# A weighted mean of n days forgets as fast as an impulse with a time constant of n/2: 1 - 2/(n + 1) < exp(-2/n).
WEIGHTED_MEMORY = 19
SECONDS_PER_MINUTE = 60


def reps_to_failure(reps: int, rpe: Decimal | None) -> Decimal:
    """Repetitions that could have been done: those done plus those in reserve (RIR = 10 - RPE).

    Source: Zourdos et al. 2016, "Novel resistance training-specific RPE scale measuring repetitions in reserve".
    """
    return Decimal(reps) + (RPE_OF_FAILURE - rpe if rpe is not None else 0)


def e1rm_epley(weight_kg: Decimal, reps: int, rpe: Decimal | None = None) -> Decimal | None:
    """Estimated one-repetition maximum in kg, w(1 + r/30); None outside 1 to 12 repetitions to failure.

    Source: Epley 1985, "Poundage chart", Boyd Epley Workout. 100 kg for 10 repetitions gives 133.3 kg.
    """
    to_failure = reps_to_failure(reps, rpe)
    if reps < 1 or to_failure > E1RM_MAX_REPS:
        return None
    return weight_kg * (30 + to_failure) / 30


def e1rm_brzycki(weight_kg: Decimal, reps: int, rpe: Decimal | None = None) -> Decimal | None:
    """Estimated one-repetition maximum in kg, 36w/(37 - r); None outside 1 to 12 repetitions to failure.

    Source: Brzycki 1993, "Strength testing: predicting a one-rep max from reps-to-fatigue". 100 kg for 10 gives 133.3 kg.
    """
    to_failure = reps_to_failure(reps, rpe)
    if reps < 1 or to_failure > E1RM_MAX_REPS:
        return None
    return weight_kg * 36 / (37 - to_failure)


# The same as e1rm_epley in SQL, over the columns of a set `t`; a test holds the two together.
E1RM_EPLEY_SQL = f"""
    CASE WHEN t.reps >= 1 AND t.reps + coalesce({RPE_OF_FAILURE} - t.rpe, 0) <= {E1RM_MAX_REPS} AND t.load <> 'ASSISTED'
         THEN t.weight_kg * (30 + t.reps + coalesce({RPE_OF_FAILURE} - t.rpe, 0)) / 30 END
"""

# To the gram: PostgreSQL and Python end 133.333... after different digits, and that is neither a record nor a change.
# Written word for word in the index set_e1rm_idx, which finds the best of ten years at once; a test reads the plan.
E1RM_SQL = f"round({E1RM_EPLEY_SQL.strip()}, 3)"

# Volume load of one set `t` in kg, repetitions times weight (Haff and Triplett 2016, "Essentials of Strength Training and
# Conditioning", chapter 17); null for a warm-up, for help (ASSISTED), and where nothing was lifted but the body.
VOLUME_KG_SQL = "CASE WHEN t.kind <> 'WARMUP' AND t.load <> 'ASSISTED' THEN t.reps * t.weight_kg END"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One day's body weight in kg, as weighed and as the trend has it."""

    day: date
    kg: float
    trend_kg: float


def weight_trend(weights: Sequence[tuple[date, float]]) -> tuple[TrendPoint, ...]:
    """The trend under the daily noise of body weight: exponential smoothing, 10 % a day.

    T = T' + 0.1 (W - T'), and T = W on the first day. After d days without a weight the new one counts as d days of it
    would, T = W + (T' - W) 0.9^d: so a weekly weigh-in ends where a daily one does, and after two months away nearly all
    of the trend is the new weight.

    Source: Walker 1991, "The Hacker's Diet", chapter "Signal and Noise" (one weight a day); for the gaps Wright 1986,
    "Forecasting data published at irregular time intervals using an extension of Holt's method".

    Args:
        weights: (day, kg), one a day, in order of days.
    """
    points: list[TrendPoint] = []
    for day, kg in weights:
        trend = kg
        if points:
            before = points[-1]
            kept = (1 - WEIGHT_TREND_SHARE_PER_DAY) ** (day - before.day).days
            trend = kg + (before.trend_kg - kg) * kept
        points.append(TrendPoint(day, kg, trend))
    return tuple(points)


def trend_on(points: Sequence[TrendPoint], day: date) -> float | None:
    """The trend in kg on a day, straight between the days that were weighed; None before the first and after the last."""
    before = [p for p in points if p.day <= day]
    after = [p for p in points if p.day >= day]
    if not before or not after:
        return None
    left, right = before[-1], after[0]
    span = (right.day - left.day).days
    share = (day - left.day).days / span if span else 0.0
    return left.trend_kg + (right.trend_kg - left.trend_kg) * share


def weight_rate(points: Sequence[TrendPoint]) -> float | None:
    """How fast body weight changes, in kg a week: the least-squares line through the trend of the last 28 days.

    None where those days hold less than a week of weights. Source: Walker 1991, "The Hacker's Diet", as above.
    """
    if not points:
        return None
    last = points[-1].day
    recent = [p for p in points if p.day >= last - timedelta(days=WEIGHT_RATE_DAYS)]
    if (last - recent[0].day).days < WEIGHT_RATE_MIN_DAYS:
        return None
    return _slope_per_day([(p.day, p.trend_kg) for p in recent]) * DAYS_PER_WEEK


def _slope_per_day(points: Sequence[tuple[date, float]]) -> float:
    """The slope of the least-squares line through values of different days."""
    days = [(day - points[0][0]).days for day, _ in points]
    mean_day = sum(days) / len(days)
    mean = sum(value for _, value in points) / len(points)
    covariance = sum((d - mean_day) * (value - mean) for d, (_, value) in zip(days, points, strict=True))
    return covariance / sum((d - mean_day) ** 2 for d in days)


def e1rm_slope(points: Sequence[tuple[date, float]]) -> float | None:
    """How fast an exercise's e1RM changes, a week: the least-squares line through the best of each day, in its unit.

    None for fewer than three days, or days less than two weeks apart.

    Args:
        points: (day, e1RM), one a day, in order of days.
    """
    if len(points) < E1RM_SLOPE_MIN_POINTS or (points[-1][0] - points[0][0]).days < E1RM_SLOPE_MIN_DAYS:
        return None
    return _slope_per_day(points) * DAYS_PER_WEEK


def session_load(effort_rating: int, seconds: int) -> float:
    """Load of one session: how hard all of it was (1 to 10) times its minutes; in arbitrary units.

    Source: Foster et al. 2001, "A new approach to monitoring exercise training", J Strength Cond Res 15(1), 109-115.
    Rated 7 for 40 minutes it is 280.
    """
    return effort_rating * seconds / SECONDS_PER_MINUTE


# The same over the columns of a session `s`, null where it was not rated or not timed; a test holds the two together.
SESSION_LOAD_SQL = f"s.effort_rating::integer * s.actual_duration_seconds / {SECONDS_PER_MINUTE}::float8"


def monotony(daily_loads: Sequence[float]) -> float | None:
    """How alike the days of a week are: their mean load over its standard deviation, rest days counted as 0.

    None where all days are the same (a week off, or no variation at all: the quotient has no bound). The seven days are
    the whole week and no sample of it, so the deviation is the population's.

    Source: Foster 1998, "Monitoring training in athletes with reference to overtraining syndrome", Med Sci Sports Exerc
    30(7), 1164-1168.

    Args:
        daily_loads: the loads of seven days, in arbitrary units.
    """
    mean = sum(daily_loads) / len(daily_loads)
    deviation = sqrt(sum((load - mean) ** 2 for load in daily_loads) / len(daily_loads))
    return mean / deviation if deviation else None


def strain(weekly_load: float, monotony: float) -> float:
    """Strain of a week: its load times its monotony. Source: Foster 1998, as above. 3,400 at 1.26 is 4,284."""
    return weekly_load * monotony


def weighted_mean(daily_loads: Sequence[float], days: int) -> list[float]:
    """The exponentially weighted moving average of load, each day: E = x L + (1 - x) E', where x = 2/(days + 1).

    It begins with the first day's load; after `days` days that beginning weighs about an eighth.

    Source: Williams et al. 2017, "Better way to determine the acute:chronic workload ratio?", Br J Sports Med 51(3), 209-210.

    Args:
        daily_loads: one for each day from the first on, at least one, 0 for a day of rest.
        days: 7 for acute, 28 for chronic load.
    """
    share = 2 / (days + 1)
    kept, mean, found = 1 - share, daily_loads[0], []
    for load in daily_loads:  # twice as fast as accumulate, which calls a function a day
        mean = share * load + kept * mean
        found.append(mean)
    return found


def impulse_response(daily_loads: Sequence[float], days: int) -> list[float]:
    """What is left of all loads so far, each day: P = P' exp(-1/days) + L, in the units of load.

    With 42 days it is called fitness, with 7 fatigue. What a person can do is thought to follow a weighted difference of
    the two; the weights are their own and are not guessed here.

    Source: Banister et al. 1975, "A systems model of training for athletic performance", Aust J Sports Med 7, 57-61.
    """
    kept, left, found = exp(-1 / days), 0.0, []
    for load in daily_loads:
        left = kept * left + load
        found.append(left)
    return found
