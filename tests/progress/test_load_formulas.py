"""The formulas of training load against what was published; where no number is in print, the definition by hand."""

from datetime import date, timedelta
from math import e
from random import Random

import pytest

from reptrail.http.edge import Services
from reptrail.progress.formulas import (
    ACUTE_DAYS,
    CHRONIC_DAYS,
    FATIGUE_DAYS,
    FITNESS_DAYS,
    LOAD_MEMORY_DAYS,
    SESSION_LOAD_SQL,
    e1rm_slope,
    impulse_response,
    monotony,
    session_load,
    strain,
    weighted_mean,
)
from reptrail.progress.rules import load_caveats, load_series, load_week

# Foster et al. 2001, table 5, a training diary: session RPE, minutes, the load printed beside them. (Two more of its nine
# rows are misprinted: 5 x 180 as 940, and 8 x 75 as 390.)
DIARY = ((2, 25, 50), (7, 120, 840), (7, 40, 280), (3, 60, 180))
# The loads of its days as printed, Sunday to Saturday; their sum is the weekly load of 3,400 in print.
WEEK = (940, 50, 840 + 280, 180, 390, 50, 390 + 280)


@pytest.mark.parametrize(("effort", "minutes", "load"), DIARY)
def test_session_load_of_the_published_diary(effort: int, minutes: int, load: float) -> None:
    assert session_load(effort, minutes * 60) == load


def test_strain_of_the_published_diary() -> None:
    assert sum(WEEK) == 3400
    assert strain(3400, 1.26) == pytest.approx(4284, abs=0.5)


def test_monotony_of_the_published_diary() -> None:
    """Printed is 1.26, over loads of which two are misprinted: within 5 %. With the deviation of a sample it would be 1.12."""
    assert monotony(WEEK) == pytest.approx(1.26, rel=0.05)


def test_monotony_by_hand() -> None:
    """Two days of 100 and one of 50 have a mean of 250/7 and a deviation of sqrt(22500/7 - (250/7)^2)."""
    assert monotony((100, 0, 100, 0, 50, 0, 0)) == pytest.approx((250 / 7) / (22500 / 7 - (250 / 7) ** 2) ** 0.5)
    # One day in seven: its mean is 1/7 of it, its deviation sqrt(6)/7.
    assert monotony((300, 0, 0, 0, 0, 0, 0)) == pytest.approx(1 / 6**0.5)


@pytest.mark.parametrize("load", [0, 300])
def test_days_that_are_all_alike_have_no_monotony(load: int) -> None:
    assert monotony((load,) * 7) is None


def test_the_weighted_mean_by_hand() -> None:
    """Williams et al. 2017 print the recursion and its lambdas, 0.25 and 0.069; their example's loads are not in print."""
    assert weighted_mean((400, 0, 200), ACUTE_DAYS) == pytest.approx([400, 300, 275])
    chronic = weighted_mean((400, 0, 200), CHRONIC_DAYS)
    assert chronic == pytest.approx([400, 400 * 27 / 29, 200 * 2 / 29 + 400 * (27 / 29) ** 2])
    assert (2 / (ACUTE_DAYS + 1), round(2 / (CHRONIC_DAYS + 1), 3)) == (0.25, 0.069)


def test_the_same_every_day_is_a_ratio_of_one() -> None:
    assert weighted_mean([300] * 60, ACUTE_DAYS)[-1] / weighted_mean([300] * 60, CHRONIC_DAYS)[-1] == pytest.approx(1)


def test_a_jump_after_four_weeks_by_the_closed_form() -> None:
    """After n days of 300 upon a habit of 100 a mean stands at 300 - 200 (1 - lambda)^n."""
    daily = [100] * 200 + [300] * 7
    assert weighted_mean(daily, ACUTE_DAYS)[-1] == pytest.approx(300 - 200 * 0.75**7)
    assert weighted_mean(daily, CHRONIC_DAYS)[-1] == pytest.approx(300 - 200 * (27 / 29) ** 7)


def test_an_impulse_fades_to_its_eth_part_in_its_time_constant() -> None:
    """Banister et al. 1975: one impulse w leaves w exp(-t/tau)."""
    for days in (FITNESS_DAYS, FATIGUE_DAYS):
        assert impulse_response([100] + [0] * days, days)[-1] == pytest.approx(100 / e)
    # The same every day converges to w / (1 - exp(-1/tau)): 42.5 days' worth of fitness, 7.5 of fatigue.
    assert impulse_response([1] * 1000, FITNESS_DAYS)[-1] == pytest.approx(42.502, abs=0.001)
    assert impulse_response([1] * 1000, FATIGUE_DAYS)[-1] == pytest.approx(7.512, abs=0.001)


def test_the_slope_of_e1rm() -> None:
    day = date(2026, 3, 2)
    rising = [(day + timedelta(weeks=n), 100 + 2.5 * n) for n in range(5)]
    assert e1rm_slope(rising) == pytest.approx(2.5)
    assert e1rm_slope(rising[:2]) is None
    assert e1rm_slope([(day, 100.0), (day + timedelta(days=6), 101.0), (day + timedelta(days=13), 102.0)]) is None
    # Anscombe 1973, the first of his four sets: the line is 3 + 0.5 x, tolerance that of its print.
    anscombe = {10: 8.04, 8: 6.95, 13: 7.58, 9: 8.81, 11: 8.33, 14: 9.96, 6: 7.24, 4: 4.26, 12: 10.84, 7: 4.82, 5: 5.68}
    points = sorted((day + timedelta(days=3 * x), y) for x, y in anscombe.items())
    assert e1rm_slope(points) == pytest.approx(0.5 * 7 / 3, abs=0.001)


async def test_the_sql_says_the_same_as_python(services: Services) -> None:
    grid = [(effort, seconds) for effort in range(1, 11) for seconds in (1, 59, 2700, 32767)]
    async with services.database.connection() as connection:
        rows = await connection.fetch(
            f"""SELECT {SESSION_LOAD_SQL} AS load FROM unnest($1::smallint[], $2::smallint[]) WITH ORDINALITY
            AS s (effort_rating, actual_duration_seconds, n) ORDER BY n""",  # noqa: S608
            *(list(column) for column in zip(*grid, strict=True)),
        )
    for (effort, seconds), row in zip(grid, rows, strict=True):
        assert float(row["load"]) == pytest.approx(session_load(effort, seconds))


def test_a_week_that_is_not_over_has_no_monotony() -> None:
    monday = date(2026, 3, 2)
    assert load_week(monday, [300.0, 0.0, 400.0], monday + timedelta(days=2))["monotony"] is None
    loads = [300.0, 0.0, 400.0, 0.0, 0.0, 0.0, 0.0]
    assert load_week(monday, loads, monday + timedelta(days=6))["monotony"] is None
    week = load_week(monday, loads, monday + timedelta(days=7))
    assert (week["load"], week["strain"]) == (700, pytest.approx(700 * week["monotony"], abs=1))


def test_there_is_no_ratio_before_twenty_eight_days() -> None:
    first = date(2026, 3, 2)
    days = load_series([300.0] + [0.0] * 28, 29, first - timedelta(days=1), first + timedelta(days=28))
    assert [day["day"] for day in days] == [first + timedelta(days=n) for n in range(-1, 29)]
    assert [day["day"] for day in days if day["acute"] is None] == [first - timedelta(days=1)]
    assert [day["day"] for day in days if day["ratio"] is not None] == [first + timedelta(days=n) for n in (27, 28)]


@pytest.mark.parametrize("shown", [1, 84, 364])
def test_what_was_done_longer_ago_than_a_float_remembers_changes_nothing(shown: int) -> None:
    """Ten years of loads, and the last 38 time constants of them before the days shown: the same to the last digit."""
    random = Random(shown)  # noqa: S311
    daily = [random.choice((0.0, 0.0, random.randint(1, 10) * random.randint(1, 32767) / 60)) for _ in range(3650)]
    # The hardest that can be logged, long ago, before nothing at all.
    daily[: -shown - LOAD_MEMORY_DAYS] = [10 * 32767 / 60] * (3650 - shown - LOAD_MEMORY_DAYS)
    until = date(2026, 3, 2)
    days = load_series(daily[-shown - LOAD_MEMORY_DAYS :], 3650, until - timedelta(days=shown - 1), until)
    for name, formula, span in (
        ("acute", weighted_mean, ACUTE_DAYS),
        ("chronic", weighted_mean, CHRONIC_DAYS),
        ("fitness", impulse_response, FITNESS_DAYS),
        ("fatigue", impulse_response, FATIGUE_DAYS),
    ):
        assert [day[name] for day in days] == [round(x, 3) for x in formula(daily, span)[-shown:]], name
    assert load_series([0.0] * (shown + LOAD_MEMORY_DAYS), 3650, until, until)[-1]["chronic"] == 0


def test_what_does_not_apply_is_said() -> None:
    assert load_caveats(28, 10, 0) == []
    (none,) = load_caveats(0, 0, 0)
    assert "no load" in none
    (few,) = load_caveats(27, 10, 0)
    assert "27 days" in few
    (unrated,) = load_caveats(28, 10, 3)
    assert "3 of 10 sessions" in unrated
    assert len(load_caveats(0, 4, 4)) == 2
