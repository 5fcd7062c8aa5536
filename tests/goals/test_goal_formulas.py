"""The statistics of forecasts against published tables and worked examples; each names its source and how near it must come."""

import math
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from reptrail.goals import formulas
from reptrail.goals.formulas import Band, band, coverage, fit, outcomes, t_probability, t_quantile, widening, window

START = date(2026, 1, 1)
Value = Callable[[int], float]


def series(days: int, value: Value, every: int = 1) -> list[tuple[date, float]]:
    return [(START + timedelta(days=day), value(day)) for day in range(0, days, every)]


# Abramowitz and Stegun 1964, table 26.10, and every textbook's: to the three digits printed.
@pytest.mark.parametrize(
    ("degrees", "ninety", "ninety_five", "ninety_seven_and_a_half"),
    [
        (1, 3.078, 6.314, 12.706), (2, 1.886, 2.920, 4.303), (3, 1.638, 2.353, 3.182), (5, 1.476, 2.015, 2.571),
        (8, 1.397, 1.860, 2.306), (10, 1.372, 1.812, 2.228), (18, 1.330, 1.734, 2.101), (30, 1.310, 1.697, 2.042),
        (60, 1.296, 1.671, 2.000), (120, 1.289, 1.658, 1.980),
    ],
)  # fmt: skip
def test_t_is_as_tabulated(degrees: int, ninety: float, ninety_five: float, ninety_seven_and_a_half: float) -> None:
    assert t_quantile(0.9, degrees) == pytest.approx(ninety, abs=0.0006)
    assert t_quantile(0.95, degrees) == pytest.approx(ninety_five, abs=0.0006)
    assert t_quantile(0.975, degrees) == pytest.approx(ninety_seven_and_a_half, abs=0.0006)


@pytest.mark.parametrize("degrees", [1, 2.5, 7, 300])
@pytest.mark.parametrize("t", [0.0, 0.01, 0.7, 2.0, 40.0])
def test_t_is_symmetric_and_its_own_inverse(t: float, degrees: float) -> None:
    assert t_probability(t, degrees) + t_probability(-t, degrees) == pytest.approx(1)
    # With one degree of freedom it is Cauchy's, which has a closed form; with very many, the normal distribution.
    assert t_probability(t, 1) == pytest.approx(0.5 + math.atan(t) / math.pi, abs=1e-12)
    assert t_probability(t, 1e7) == pytest.approx((1 + math.erf(t / math.sqrt(2))) / 2, abs=1e-6)
    if 0 < t < 40:
        assert t_quantile(t_probability(t, degrees), degrees) == pytest.approx(t, abs=1e-9)


# Montgomery and Runger 2014, "Applied Statistics and Probability for Engineers", table 11-1 and examples 11-1 to 11-6: oxygen
# purity (%) by hydrocarbon level (%). Here a level of 0.01 is a day, so that 0.87 is the first day and 1.55 the last.
OXYGEN = [
    (0.99, 90.01), (1.02, 89.05), (1.15, 91.43), (1.29, 93.74), (1.46, 96.73), (1.36, 94.45), (0.87, 87.59), (1.23, 91.77),
    (1.55, 99.42), (1.40, 93.65), (1.19, 93.54), (1.15, 92.52), (0.98, 90.56), (1.01, 89.54), (1.11, 89.85), (1.20, 90.39),
    (1.26, 93.25), (1.32, 93.41), (1.43, 94.98), (0.95, 87.33),
]  # fmt: skip


def test_a_line_and_its_prediction_are_as_in_the_textbook() -> None:
    points = sorted((START + timedelta(days=round(100 * level)), purity) for level, purity in OXYGEN)
    line = fit(points)
    last = (points[-1][0] - START).days
    assert 100 * line.slope == pytest.approx(14.947, abs=0.001)
    assert line.at(-last) == pytest.approx(74.283, abs=0.001)
    assert line.sxx / 100**2 == pytest.approx(0.68088, abs=0.00001)
    assert line.residual_sd**2 == pytest.approx(1.18, abs=0.005)
    # Example 11-6: at a level of 1.00 the 95 % prediction interval is 86.83 to 91.63.
    value, margin = line.at(100 - last), t_quantile(0.975, line.degrees) * line.prediction_error(100 - last)
    assert value == pytest.approx(89.23, abs=0.005)
    assert (value - margin, value + margin) == (pytest.approx(86.83, abs=0.006), pytest.approx(91.63, abs=0.006))
    # Example 11-4: the slope's 95 % confidence interval is 12.181 to 17.713, days taken for independent.
    independent = line.residual_sd / math.sqrt(line.sxx)
    assert 100 * t_quantile(0.975, 18) * independent == pytest.approx((17.713 - 12.181) / 2, abs=0.002)
    assert line.slope_error() >= independent


def test_alike_neighbours_make_a_slope_less_certain() -> None:
    # Residuals that keep a sign for four days: worth fewer values than there are, so the slope is less sure.
    waves = fit(series(40, lambda day: 80 + (0.5 if day // 4 % 2 else -0.5)))
    jumps = fit(series(40, lambda day: 80 + (0.5 if day % 2 else -0.5)))
    assert waves.correlation > 0.3
    assert jumps.correlation == 0
    assert waves.slope_error() > 1.5 * jumps.slope_error()


@pytest.mark.parametrize(
    ("days", "every", "expected"),
    [(400, 1, 28), (400, 2, 14), (400, 3, 10), (400, 4, 11), (400, 9, 10), (400, 10, 9), (400, 20, 5), (400, 23, None),
     (14, 1, None), (15, 1, 15), (15, 4, None), (17, 4, 5), (0, 1, None)],
)  # fmt: skip
def test_a_window_is_short_and_full(days: int, every: int, expected: int | None) -> None:
    found = window(series(days, float, every))
    assert (None if found is None else len(found)) == expected
    if found is not None:
        assert (found[-1][0] - found[0][0]).days < formulas.MAX_WINDOW_DAYS


def test_a_forecast_knows_nothing_of_what_comes_after_it() -> None:
    noise = Random(1)  # noqa: S311
    points = series(300, lambda day: 80 - day / 50 + noise.gauss(0, 0.4))
    cut = 200
    known = [o for o in outcomes(points) if o.day <= points[cut - 1][0]]
    changed = [(day, value if place < cut else value + 10) for place, (day, value) in enumerate(points)]
    assert [o for o in outcomes(changed) if o.day <= points[cut - 1][0]] == known
    assert len(known) > 50
    # The last week of a cut series has another last day, so only whole weeks are compared.
    whole = [o for o in outcomes(points[:cut]) if o.day <= points[cut - 1][0] and o.line.origin < points[cut - 7][0]]
    assert whole == [o for o in known if o.line.origin < points[cut - 7][0]]


def test_outcomes_are_the_nearest_within_three_days() -> None:
    points = series(120, lambda day: 80 + day % 3, every=5)
    for outcome in outcomes(points):
        wanted = outcome.line.origin + timedelta(days=outcome.horizon)
        distance = abs((outcome.day - wanted).days)
        assert distance <= 3
        assert distance == min(abs((day - wanted).days) for day, _ in points if day > outcome.line.origin)


def test_a_widening_begins_as_believed_and_learns() -> None:
    noise = Random(2)  # noqa: S311
    assert widening([], 28, START) == pytest.approx(1.5)
    steady = series(400, lambda day: 80 - day / 100 + noise.gauss(0, 0.4))
    known = outcomes(steady)
    last = steady[-1][0]
    # Independent days on a line: the textbook is right, and the widening comes near to one.
    assert 0.8 < widening(known, 28, last) < 1.3
    # Nothing that became known later counts, and nothing older than a year.
    assert widening(known, 28, START) == pytest.approx(1.5)
    assert widening(known, 28, last + timedelta(days=366)) == pytest.approx(1.5)


def test_a_widening_by_hand() -> None:
    # Nine misses known: the (9 + 1) 0.8 = 8th smallest is 4; mixed with 1.5 by 9 to 10 on a scale of logarithms.
    misses = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 9]
    line = fit(series(28, lambda day: 80 + day % 2))
    known = [formulas.Outcome(line, 28, START + timedelta(days=28), miss, 1.0) for miss in misses]
    expected = math.exp(9 / 19 * math.log(4) + 10 / 19 * math.log(1.5))
    assert widening(known, 28, START + timedelta(days=30)) == pytest.approx(expected)
    assert widening(known, 14, START + timedelta(days=30)) == pytest.approx(1.25)


def wandering(seed: int, days: int = 730) -> list[tuple[date, float]]:
    """Body weight as it is: phases of gaining and losing, water that lasts for days, days without a scale."""
    chance = Random(seed)  # noqa: S311
    weight, slope, water = 80.0, 0.0, 0.0
    points = []
    for day in range(days):
        if chance.random() < 1 / 60:
            slope = chance.gauss(0, 0.05)
        weight += slope + chance.gauss(0, 0.04)
        water = 0.3 * water + chance.gauss(0, 0.4)
        if chance.random() < 0.8:
            points.append((START + timedelta(days=day), weight + water))
    return points


def test_the_interval_holds_what_it_claims_where_the_textbooks_does_not() -> None:
    held = dict.fromkeys(formulas.HORIZONS_DAYS, 0.0)
    nominal = dict.fromkeys(formulas.HORIZONS_DAYS, 0.0)
    count = dict.fromkeys(formulas.HORIZONS_DAYS, 0)
    for seed in range(6):
        for each in coverage(wandering(seed)):
            assert each.held is not None
            assert each.nominal_held is not None
            held[each.horizon] += each.held * each.forecasts
            nominal[each.horizon] += each.nominal_held * each.forecasts
            count[each.horizon] += each.forecasts
    for horizon in (7, 14, 28):
        assert count[horizon] > 500
        assert 0.75 <= held[horizon] / count[horizon] <= 0.86, horizon
    assert nominal[28] / count[28] < 0.65


def test_a_band_is_straight_between_the_horizons_and_grows_as_the_textbooks_outside() -> None:
    line = fit(series(28, lambda day: 80 + day % 2))
    made = Band.along(line, (1.0, 2.0, 4.0, 8.0, 9.0))
    assert [made.error(ahead) for ahead in (7, 10.5, 14, 21, 28, 70, 84)] == [1, 1.5, 2, 3, 4, 8.5, 9]
    assert made.error(200) == pytest.approx(9 * line.prediction_error(200) / line.prediction_error(84))
    assert made.error(1) == pytest.approx(line.prediction_error(1) / line.prediction_error(7))
    assert made.widening()[7] == pytest.approx(1 / line.prediction_error(7))


@pytest.mark.parametrize("seed", range(5))
def test_what_is_uncertain_in_a_week_is_no_surer_in_two(seed: int) -> None:
    found = band(wandering(seed)[-300:])
    assert found is not None
    widths = [found.half_width(ahead) for ahead in range(200)]
    assert widths == sorted(widths)


def test_the_chance_is_a_half_where_the_line_meets_the_target() -> None:
    found = band(series(60, lambda day: 80 - day / 20 + day % 3 / 5))
    assert found is not None
    value = found.line.at(20)
    low, high = found.interval(20)
    assert found.chance(20, value, is_up=False) == pytest.approx(0.5)
    assert found.chance(20, low, is_up=True) == pytest.approx(0.9)
    assert found.chance(20, high, is_up=True) == pytest.approx(0.1)
    assert found.chance(20, high, is_up=False) == pytest.approx(0.9)


def test_values_on_one_line_have_no_spread() -> None:
    assert fit(series(30, lambda day: 80.1 - 0.1 * day)).residual_sd == 0
    assert outcomes(series(120, lambda _: 181.0)) == []
