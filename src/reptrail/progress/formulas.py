"""The formulas behind the numbers: pure, each with its source, shapes and units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

# Above this many repetitions to failure the one-repetition formulas were never fitted.
E1RM_MAX_REPS = 12
RPE_OF_FAILURE = Decimal(10)

# Of the distance between a day's body weight and the trend, this share is taken into the trend within one day.
WEIGHT_TREND_SHARE_PER_DAY = 0.1
WEIGHT_RATE_DAYS = 28
DAYS_PER_WEEK = 7
# A line through less than a week of body weights says how much somebody drank, not where they are going.
WEIGHT_RATE_MIN_DAYS = 7


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
    return weight_kg * (1 + to_failure / 30)


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
         THEN t.weight_kg * (1 + (t.reps + coalesce({RPE_OF_FAILURE} - t.rpe, 0)) / 30.0) END
"""

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
    days = [(p.day - last).days for p in recent]
    mean_day = sum(days) / len(days)
    mean_kg = sum(p.trend_kg for p in recent) / len(recent)
    covariance = sum((d - mean_day) * (p.trend_kg - mean_kg) for d, p in zip(days, recent, strict=True))
    return DAYS_PER_WEEK * covariance / sum((d - mean_day) ** 2 for d in days)
