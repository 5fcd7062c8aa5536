"""The statistics behind a forecast: pure, each with its source, shapes and units.

A series is days with one value each, in order of days: `Series`. Nothing here knows what is measured; a value keeps the
unit it comes in.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from operator import mul
from typing import NamedTuple

Series = Sequence[tuple[date, float]]

# Share of the values that a prediction interval is to hold.
COVERAGE = 0.8
DAYS_PER_WEEK = 7

# A line is laid through the shortest run of whole weeks, from 28 to 90 days, that holds this many days with a value, ...
FULL_WINDOW_DAYS = 10
MIN_WINDOW_DAYS = 28
MAX_WINDOW_DAYS = 90
# ... and through none at all with less than this: five days over two weeks.
LEAST_DAYS = 5
LEAST_SPAN_DAYS = 14

# How far ahead forecasts are held against what came, in days, and how near to such a day a value must lie to count.
HORIZONS_DAYS = (7, 14, 28, 56, 84)
HORIZON_TOLERANCE_DAYS = 3
# Forecasts that old tell of another body: only those of the last year say how wide an interval must be.
MEMORY_DAYS = 365
# Where there is no history to learn from, an interval is wider by one half of itself in 28 days; see `widening`.
DAYS_TO_DOUBLE = 56
# What is believed beforehand weighs as much as this many past forecasts.
BELIEF_WEIGHT = 10
LEAST_WIDENING = 0.3
MOST_CORRELATION = 0.8

_TINY = 1e-300
_CLOSE = 1e-15
_MOST_TERMS = 500
_BISECTIONS = 100


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method (DLMF 8.17.22 and 3.10(iii))."""
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 + term * d
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = 1 + term / c
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b), for 0 <= x <= 1 (DLMF 8.17)."""
    if x in {0.0, 1.0}:
        return x
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def t_probability(t: float, degrees: float) -> float:
    """The chance that Student's t with so many degrees of freedom is at most `t`.

    Source: Abramowitz and Stegun 1964, 26.7.1, by the incomplete beta function.
    """
    tail = _incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2
    return tail if t < 0 else 1 - tail


@lru_cache(maxsize=1024)
def t_quantile(probability: float, degrees: float) -> float:
    """The t that Student's t is at most with this chance, 0.5 or more: 1.372 for 0.9 and 10 degrees of freedom.

    By bisection of `t_probability`: to 1e-12, and a few hundred microseconds the first time.
    """
    low, high = 0.0, 1.0
    while t_probability(high, degrees) < probability:
        high *= 2
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if t_probability(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


class Line(NamedTuple):
    """A least-squares line through a series; x counts days from `origin`, the last of them.

    `residuals` are what the values are above it, `residual_sd` is their spread: 0 of values that lie on it.
    """

    origin: date
    first: date
    days: int
    mean_x: float
    mean_y: float
    slope: float
    sxx: float
    residuals: Sequence[float]
    residual_sd: float

    @property
    def degrees(self) -> int:
        """Degrees of freedom: two went into the line."""
        return self.days - 2

    @property
    def correlation(self) -> float:
        """How alike one residual and the next are: not below 0, not above 0.8."""
        if not self.residual_sd:
            return 0.0
        lagged = math.fsum(map(mul, self.residuals, self.residuals[1:]))
        return min(MOST_CORRELATION, max(0.0, lagged / (self.residual_sd**2 * self.degrees)))

    def at(self, x: float) -> float:
        """The line's value `x` days after its origin."""
        return self.mean_y + self.slope * (x - self.mean_x)

    def prediction_error(self, x: float) -> float:
        """The standard error of a new value `x` days after the origin, as if days were independent.

        s sqrt(1 + 1/n + (x - mean)^2 / Sxx). Source: Montgomery and Runger 2014, "Applied Statistics and Probability for
        Engineers", section 11-6.
        """
        return self.residual_sd * math.sqrt(1 + 1 / self.days + (x - self.mean_x) ** 2 / self.sxx)

    def slope_error(self) -> float:
        """The standard error of the slope, per day, with neighbouring days taken for as alike as they are.

        n values whose residuals have the lag-one correlation r are worth n (1 - r) / (1 + r). Source: Bayley and Hammersley
        1946, "The effective number of independent observations in an autocorrelated time series".
        """
        return self.residual_sd / math.sqrt(self.sxx) * math.sqrt((1 + self.correlation) / (1 - self.correlation))


def fit(series: Series) -> Line:
    """The least-squares line through at least three days' values."""
    return _fit([day.toordinal() for day, _ in series], [value for _, value in series])


def _fit(days: Sequence[int], ys: Sequence[float]) -> Line:
    """`fit` of days counted by date.toordinal(): a forecast fits fifty lines, and counting is most of it where days are dates."""
    last, count = days[-1], len(days)
    # Sums of products by map: half of the time went into generators. Not by sum(): values on a line must leave nothing.
    xs = [day - last for day in days]
    mean_x, mean_y = sum(xs) / count, math.fsum(ys) / count
    from_mean = [x - mean_x for x in xs]
    sxx = math.fsum(map(mul, from_mean, from_mean))
    slope = math.fsum(map(mul, from_mean, ys)) / sxx
    residuals = [y - mean_y - slope * x for x, y in zip(from_mean, ys, strict=True)]
    squares = math.fsum(map(mul, residuals, residuals))
    # Values on a line to the last digit leave nothing but what floats round: no noise.
    if squares <= (1e-12 * max(abs(mean_y), 1e-9)) ** 2 * count:
        squares = 0.0
    origin, first = date.fromordinal(last), date.fromordinal(days[0])
    return Line(origin, first, count, mean_x, mean_y, slope, sxx, residuals, math.sqrt(squares / (count - 2)))


def window(series: Series, least: int = FULL_WINDOW_DAYS) -> Series | None:
    """The values at the end of a series that a line is laid through; None where they are too few.

    Those of the shortest run of whole weeks, 28 days at least, that holds `least` days with a value; where no run up to 90
    days does, those of 90 days, if they are five over two weeks. Short, since a line through a year answers for last winter;
    not shorter, since one through a week answers for water and food.
    """
    start = _window_start([day.toordinal() for day, _ in series], len(series), least)
    return None if start is None else series[start:]


def _window_start(days: Sequence[int], end: int, least: int) -> int | None:
    """Where the window of the days before place `end` begins."""
    if not end:
        return None
    last = days[end - 1]
    start = 0
    for length in (*range(MIN_WINDOW_DAYS, MAX_WINDOW_DAYS, DAYS_PER_WEEK), MAX_WINDOW_DAYS):
        start = bisect_left(days, last - length + 1, 0, end)
        if end - start >= least:
            break
    return start if end - start >= LEAST_DAYS and last - days[start] >= LEAST_SPAN_DAYS else None


class Outcome(NamedTuple):
    """A forecast made in the past along a line, `horizon` days ahead, and what came.

    `day` is the day that was forecast: before it, nobody knew. `miss` is how far off the line was, in units of `half_width`,
    the textbook's, which is in the unit of the series.
    """

    line: Line
    horizon: int
    day: date
    miss: float
    half_width: float


def outcomes(series: Series) -> list[Outcome]:
    """Every forecast that could have been made on the last measured day of an ISO week, beside what came: rolling origin.

    Each knows nothing but the values up to its own day. What came is the value nearest to the horizon, within three days.
    In order of origins. Source: Tashman 2000, "Out-of-sample tests of forecasting accuracy".
    """
    days, values = [day.toordinal() for day, _ in series], [value for _, value in series]
    # date.toordinal() counts from a Monday.
    ends = {(day - 1) // DAYS_PER_WEEK: place + 1 for place, day in enumerate(days)}.values()
    found: list[Outcome] = []
    for end in ends:
        start = _window_start(days, end, FULL_WINDOW_DAYS)
        line = None if start is None else _fit(days[start:end], values[start:end])
        if line is not None and line.residual_sd > 0:
            found += _outcomes_of(line, series, days, end)
    return found


def _outcomes_of(line: Line, series: Series, days: Sequence[int], end: int) -> Iterator[Outcome]:
    """What came after place `end` of the forecasts along a line through values before it."""
    quantile, origin, count = _quantile(line), days[end - 1], len(days)
    for horizon in HORIZONS_DAYS:
        wanted = origin + horizon
        near = bisect_left(days, wanted, end)
        # The day before it, where that lies as near.
        if near > end and (near == count or wanted - days[near - 1] <= days[near] - wanted):
            near -= 1
        if near < count and abs(days[near] - wanted) <= HORIZON_TOLERANCE_DAYS:
            ahead = days[near] - origin
            half_width = quantile * line.prediction_error(ahead)
            day, value = series[near]
            yield Outcome(line, horizon, day, abs(value - line.at(ahead)) / half_width, half_width)


def _quantile(line: Line) -> float:
    """How many standard errors to either side hold a value with a chance of 80 %."""
    return t_quantile((1 + COVERAGE) / 2, line.degrees)


def believed_widening(horizon: float) -> float:
    """How much wider than nominal an interval is before anybody's history has spoken: 1 + horizon / 56.

    Ours: what the made-up athlete and the real lifting history of the tests need, between them
    (docs/decisions/0017-forecasts-that-hold.md).
    """
    return 1 + horizon / DAYS_TO_DOUBLE


def widening(past: Sequence[Outcome], horizon: int, known_on: date) -> float:
    """How much wider than nominal an interval must be for `horizon` (one of HORIZONS_DAYS) to hold 80 % of what comes.

    The textbook's interval takes days for independent and the line for eternal, and holds 55 to 80 % of what comes. So the
    misses of this very athlete's past forecasts, known on a day and a year old at most, say what would have held 80 % of
    them: their (n + 1) 0.8-th smallest. Mixed, on a scale of ratios, with what is believed beforehand, which weighs as ten
    forecasts: with few forecasts it is the belief, with many the history.

    Source: split conformal prediction, Vovk, Gammerman and Shafer 2005, "Algorithmic Learning in a Random World"; Lei et
    al. 2018, "Distribution-free predictive inference for regression". The mixing is ours.
    """
    since = known_on - timedelta(days=MEMORY_DAYS)
    misses = sorted(o.miss for o in past if o.horizon == horizon and since <= o.day <= known_on)
    believed = math.log(believed_widening(horizon))
    if not misses:
        return math.exp(believed)
    count = len(misses)
    place = min(count, math.ceil((count + 1) * COVERAGE))
    share = count / (count + BELIEF_WEIGHT)
    return math.exp(share * math.log(max(misses[place - 1], LEAST_WIDENING)) + (1 - share) * believed)


@dataclass(frozen=True, slots=True)
class Band:
    """A line with the standard error of a value at each of HORIZONS_DAYS, as past forecasts say it must be.

    `before` and `beyond`: how much wider than the textbook's it is up to the first of them, and from the last on.
    """

    line: Line
    errors: tuple[float, ...]
    quantile: float
    before: float
    beyond: float

    @classmethod
    def along(cls, line: Line, errors: Sequence[float]) -> "Band":
        """The band with these errors along a line."""
        nominal = (line.prediction_error(HORIZONS_DAYS[0]), line.prediction_error(HORIZONS_DAYS[-1]))
        # A line without spread has no error, however much wider.
        before, beyond = (wide / width if width else 0.0 for wide, width in zip((errors[0], errors[-1]), nominal, strict=True))
        return cls(line, tuple(errors), _quantile(line), before, beyond)

    def error(self, ahead: float) -> float:
        """The standard error of a value `ahead` days after the line's origin.

        Straight between the horizons; before the first and after the last it grows as the textbook's does.
        """
        if ahead > HORIZONS_DAYS[-1]:
            return self.beyond * self.line.prediction_error(ahead)
        if ahead <= HORIZONS_DAYS[0]:
            return self.before * self.line.prediction_error(ahead)
        place = bisect_left(HORIZONS_DAYS, ahead)
        left, right = HORIZONS_DAYS[place - 1], HORIZONS_DAYS[place]
        low, high = self.errors[place - 1], self.errors[place]
        return low + (high - low) * (ahead - left) / (right - left)

    def half_width(self, ahead: float) -> float:
        """Half of the interval that holds the value of that day with a chance of 80 %."""
        return self.quantile * self.error(ahead)

    def interval(self, ahead: float) -> tuple[float, float]:
        """What holds the value of that day with a chance of 80 %."""
        value, half_width = self.line.at(ahead), self.half_width(ahead)
        return value - half_width, value + half_width

    def chance(self, ahead: float, target: float, *, is_up: bool) -> float:
        """The chance that the value of that day is at the target or past it, from below (`is_up`) or from above."""
        distance = (self.line.at(ahead) - target) * (1 if is_up else -1)
        return t_probability(distance / self.error(ahead), self.line.degrees)

    def widening(self) -> dict[int, float]:
        """How much wider than the textbook's the interval is, at each of HORIZONS_DAYS."""
        return {
            horizon: error / self.line.prediction_error(horizon) for horizon, error in zip(HORIZONS_DAYS, self.errors, strict=True)
        }


def band_along(line: Line, past: Sequence[Outcome]) -> Band:
    """The band along a line of which the outcomes of past forecasts are known; those of its own future are left out.

    What is uncertain in a week is no surer in two, so no interval is narrower than one before it.
    """
    errors: list[float] = []
    for horizon in HORIZONS_DAYS:
        error = widening(past, horizon, line.origin) * line.prediction_error(horizon)
        errors.append(max([error, *errors]))
    return Band.along(line, errors)


def band(series: Series) -> Band | None:
    """The forecast at the end of a series, of which it needs the last 455 days; None where its values are too few."""
    seen = window(series)
    return None if seen is None else band_along(fit(seen), outcomes(series))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the 80 % interval held at a horizon: forecasts, the share of them that held, and how wide they were."""

    horizon: int
    forecasts: int
    held: float | None
    mean_width: float | None
    nominal_held: float | None


def coverage(series: Series) -> list[Coverage]:
    """Forecasts over a whole series, each with the band that was known on its day, held against what came.

    `nominal_held` is the share that the textbook's interval, never widened, would have held.
    """
    every = outcomes(series)
    bands = {line.origin: band_along(line, every) for line in {o.line.origin: o.line for o in every}.values()}
    return [_coverage(horizon, [(o, bands[o.line.origin]) for o in every if o.horizon == horizon]) for horizon in HORIZONS_DAYS]


def _coverage(horizon: int, told: Sequence[tuple[Outcome, Band]]) -> Coverage:
    count = len(told)
    if not count:
        return Coverage(horizon, 0, None, None, None)
    halves = [bands.half_width((outcome.day - outcome.line.origin).days) for outcome, bands in told]
    held = sum(outcome.miss * outcome.half_width <= half for (outcome, _), half in zip(told, halves, strict=True))
    nominal = sum(outcome.miss <= 1 for outcome, _ in told)
    return Coverage(horizon, count, held / count, 2 * math.fsum(halves) / count, nominal / count)
