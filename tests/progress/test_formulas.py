from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reptrail.http.edge import Services
from reptrail.progress.formulas import (
    E1RM_EPLEY_SQL,
    VOLUME_KG_SQL,
    TrendPoint,
    e1rm_brzycki,
    e1rm_epley,
    trend_on,
    weight_rate,
    weight_trend,
)

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("weight", "reps", "rpe", "epley", "brzycki"),
    [
        # The published poundage charts; the last three by reps in reserve.
        (100, 1, None, "103.33", "100.00"),
        (100, 5, None, "116.67", "112.50"),
        (100, 10, None, "133.33", "133.33"),
        (225, 5, None, "262.50", "253.12"),
        (315, 3, None, "346.50", "333.53"),
        (100, 12, None, "140.00", "144.00"),
        (100, 5, "10", "116.67", "112.50"),
        (100, 5, "8", "123.33", "120.00"),
        (100, 3, "7.5", "118.33", "114.29"),
    ],
)
def test_e1rm_of_published_examples(weight: int, reps: int, rpe: str | None, epley: str, brzycki: str) -> None:
    effort = None if rpe is None else Decimal(rpe)
    for formula, expected in ((e1rm_epley, epley), (e1rm_brzycki, brzycki)):
        found = formula(Decimal(weight), reps, effort)
        assert found is not None
        assert found == pytest.approx(Decimal(expected), abs=Decimal("0.01"))


@pytest.mark.parametrize(("reps", "rpe"), [(0, None), (13, None), (10, "7.5"), (5, "2.5"), (12, "9.5")])
def test_there_is_no_e1rm_outside_what_the_formulas_were_fitted_to(reps: int, rpe: str | None) -> None:
    effort = None if rpe is None else Decimal(rpe)
    assert e1rm_epley(Decimal(100), reps, effort) is None
    assert e1rm_brzycki(Decimal(100), reps, effort) is None


async def test_the_sql_says_the_same_as_python_over_a_grid(services: Services) -> None:
    efforts = [None, *(Decimal(halves) / 2 for halves in range(2, 21))]
    weights = [None, Decimal(0), Decimal("22.5"), Decimal(100), Decimal(225) * Decimal("0.45359237"), Decimal(5000)]
    loads = ("EXTERNAL", "ADDED", "BODYWEIGHT", "ASSISTED")
    grid = list(product(range(17), efforts, weights, loads))
    columns = [list(column) for column in zip(*grid, strict=True)]
    async with services.database.connection() as connection:
        rows = await connection.fetch(
            f"""SELECT {E1RM_EPLEY_SQL} AS e1rm FROM unnest($1::int[], $2::numeric[], $3::numeric[], $4::set_load[])
            WITH ORDINALITY AS t (reps, rpe, weight_kg, load, place) ORDER BY place""",  # noqa: S608
            *columns,
        )
    for (reps, rpe, weight, load), row in zip(grid, rows, strict=True):
        expected = None if weight is None or load == "ASSISTED" else e1rm_epley(weight, reps, rpe)
        if expected is None:
            assert row["e1rm"] is None, (reps, rpe, weight, load)
        else:
            assert abs(row["e1rm"] - expected) < Decimal("1e-9"), (reps, rpe, weight, load)


async def test_volume_leaves_out_warm_ups_and_help(services: Services) -> None:
    async with services.database.connection() as connection:
        rows = await connection.fetch(
            f"""SELECT {VOLUME_KG_SQL} AS kg FROM (VALUES
                ('WORKING'::set_kind, 'EXTERNAL'::set_load, 5, 100.5), ('WARMUP', 'EXTERNAL', 5, 100), ('DROP', 'ASSISTED', 5, 20),
                ('AMRAP', 'ADDED', 8, 10), ('WORKING', 'BODYWEIGHT', 12, NULL)) t (kind, load, reps, weight_kg)"""  # noqa: S608
        )
    assert [row["kg"] for row in rows] == [Decimal("502.5"), None, None, Decimal(80), None]


def test_the_trend_takes_ten_percent_a_day() -> None:
    points = weight_trend([(DAY, 80.0), (DAY + timedelta(1), 81.0), (DAY + timedelta(2), 79.0)])
    assert [round(p.trend_kg, 4) for p in points] == [80.0, 80.1, 79.99]
    assert [p.kg for p in points] == [80.0, 81.0, 79.0]


def test_a_gap_counts_as_the_days_that_were_missed() -> None:
    daily = weight_trend([(DAY, 80.0)] + [(DAY + timedelta(n), 82.0) for n in range(1, 8)])
    weekly = weight_trend([(DAY, 80.0), (DAY + timedelta(7), 82.0)])
    assert weekly[-1].trend_kg == pytest.approx(daily[-1].trend_kg)
    after_months = weight_trend([(DAY, 80.0), (DAY + timedelta(60), 90.0)])
    assert after_months[-1].trend_kg == pytest.approx(90, abs=0.02)


@given(st.dictionaries(st.integers(0, 2000), st.floats(30, 250), min_size=1, max_size=40).map(lambda d: sorted(d.items())))
def test_the_trend_stays_within_what_was_weighed(days: list[tuple[int, float]]) -> None:
    points = weight_trend([(DAY + timedelta(n), kg) for n, kg in days])
    weights = [kg for _, kg in days]
    assert all(min(weights) - 1e-9 <= p.trend_kg <= max(weights) + 1e-9 for p in points)
    assert points[0].trend_kg == weights[0]


def test_the_rate_is_the_slope_of_the_last_four_weeks() -> None:
    points = tuple(TrendPoint(DAY + timedelta(n), 0, 100 - n / 10) for n in range(50))
    assert weight_rate(points) == pytest.approx(-0.7)
    turned = (*points, *(TrendPoint(DAY + timedelta(50 + n), 0, 95 + n / 70) for n in range(29)))
    assert weight_rate(turned) == pytest.approx(0.1)


def test_there_is_no_rate_of_less_than_a_week() -> None:
    assert weight_rate(()) is None
    assert weight_rate(weight_trend([(DAY, 80.0)])) is None
    assert weight_rate(weight_trend([(DAY, 80.0), (DAY + timedelta(6), 81.0)])) is None
    assert weight_rate(weight_trend([(DAY, 80.0), (DAY + timedelta(7), 81.0)])) is not None
    assert weight_rate(weight_trend([(DAY, 80.0), (DAY + timedelta(29), 81.0)])) is None


def test_the_trend_on_a_day_lies_between_its_neighbours() -> None:
    points = (TrendPoint(DAY, 0, 80.0), TrendPoint(DAY + timedelta(10), 0, 90.0))
    assert trend_on(points, DAY) == 80.0
    assert trend_on(points, DAY + timedelta(4)) == pytest.approx(84)
    assert trend_on(points, DAY - timedelta(1)) is None
    assert trend_on(points, DAY + timedelta(11)) is None
    assert trend_on((), DAY) is None
