"""Forecasts over HTTP: what they say, when they refuse, and when progress stands still."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from goal_world import SQUAT, lift, set_goal, today_of, weigh

from good_requests import answered
from helpers import Person, pointers, problem
from reptrail.catalog.builtin import builtin_id
from reptrail.ids import uuid7


async def forecast(person: Person, **query: Any) -> Any:
    return await answered(person, "GET", "progress/forecast", params={name: str(value) for name, value in query.items()})


def losing(today: date, *, days: int, a_day: float = 0.05, noise: float = 0.3, every: int = 1) -> list[tuple[date, float]]:
    chance = Random(days)  # noqa: S311
    return [(today - timedelta(days=n), 80 + a_day * n + chance.gauss(0, noise)) for n in range(days - 1, -1, -every)]


async def test_a_forecast_goes_where_the_values_go(athlete: Person) -> None:
    today = await today_of(athlete)
    await weigh(athlete, losing(today, days=80, noise=0.1))
    found = await forecast(athlete, metric="body-weight", target="78.6", date=today + timedelta(days=28))
    assert (found["refusal"], found["unit"], found["direction"], found["is_tested"]) == (None, "kg", "DOWN", True)
    line, day = found["line"], found["at_date"]
    assert (line["days"], line["first_day"], line["last_day"]) == (28, str(today - timedelta(days=27)), str(today))
    assert line["rate_per_week"] == pytest.approx(-0.35, abs=0.06)
    assert day["value"] == pytest.approx(80 - 28 * 0.05, abs=0.3)
    assert day["low"] < day["value"] < day["high"]
    assert 0.1 < found["chance"] < 0.95
    arrival = found["arrival"]
    assert arrival["earliest"] < arrival["day"] < (arrival["latest"] or "9999")
    widths = [point["high"] - point["low"] for point in found["points"]]
    assert [point["day"] for point in found["points"]] == [str(today + timedelta(weeks=week)) for week in range(5)]
    assert widths == sorted(widths)
    assert found["standstill"]["movement"] == "CHANGING"


async def test_the_chance_rises_with_the_day_and_falls_with_the_distance(athlete: Person) -> None:
    today = await today_of(athlete)
    await weigh(athlete, losing(today, days=60))
    by_day = [await forecast(athlete, metric="body-weight", target="79", date=today + timedelta(days=d)) for d in (2, 14, 28)]
    by_target = [await forecast(athlete, metric="body-weight", target=str(t)) for t in ("79.5", "78.5", "77.5")]
    assert all(a["chance"] < b["chance"] for a, b in pairwise(by_day))
    assert all(a["chance"] > b["chance"] for a, b in pairwise(by_target))
    # A target on the other side is the way up; in pounds it is the same target.
    up = await forecast(athlete, metric="body-weight", target="82")
    pounds = await forecast(athlete, metric="body-weight", target=f"{82 / 0.45359237:.6f}", unit="lb")
    assert (up["direction"], pounds["direction"], pounds["unit"]) == ("UP", "UP", "lb")
    assert up["chance"] < 0.05
    assert pounds["chance"] == pytest.approx(up["chance"], abs=1e-6)
    assert pounds["line"]["value"] == pytest.approx(up["line"]["value"] / 0.45359237)
    assert (up["arrival"]["day"], up["arrival"]["latest"]) == (None, None)


async def test_a_goal_is_forecast_by_its_own_target_unit_and_day(athlete: Person) -> None:
    today = await today_of(athlete)
    await weigh(athlete, losing(today, days=60))
    until = today + timedelta(days=21)
    goal = await set_goal(
        athlete, target_value=174, target_unit="lb", start_date=str(today - timedelta(days=59)), target_date=str(until)
    )
    found = await forecast(athlete, goal_id=goal["id"])
    same = await forecast(athlete, metric="body-weight", target=174, unit="lb", date=until)
    assert (found["goal_id"], found["target_value"], found["unit"], found["target_date"]) == (goal["id"], 174, "lb", str(until))
    assert {**found, "goal_id": None} == {**same, "reached_on": found["reached_on"]}


@pytest.mark.parametrize(
    ("days", "every", "ago", "code"),
    [(0, 1, 0, "NO_DATA"), (60, 1, 30, "SILENT"), (14, 1, 0, "TOO_FEW_DAYS"), (61, 20, 0, "TOO_FEW_DAYS"), (15, 1, 0, None),
     (60, 1, 28, None), (81, 20, 0, None)],
)  # fmt: skip
async def test_too_little_is_refused_in_words(athlete: Person, days: int, every: int, ago: int, code: str | None) -> None:
    today = await today_of(athlete)
    await weigh(athlete, losing(today - timedelta(days=ago), days=days, every=every))
    found = await forecast(athlete, metric="body-weight", target="79")
    assert (found["refusal"] and found["refusal"]["code"]) == code
    empty = (found["line"], found["at_date"], found["chance"], found["arrival"], found["points"])
    assert (empty == (None, None, None, None, [])) == (code is not None)


async def test_values_without_spread_are_refused(athlete: Person) -> None:
    today = await today_of(athlete)
    await weigh(athlete, [(today - timedelta(days=n), 181) for n in range(30)], "cm", "height")
    found = await forecast(athlete, metric="height")
    assert found["refusal"]["code"] == "NO_SPREAD"
    assert found["standstill"]["movement"] == "PLATEAU"


async def test_a_day_that_is_over_has_no_chance(athlete: Person) -> None:
    today = await today_of(athlete)
    await weigh(athlete, losing(today, days=60))
    found = await forecast(athlete, metric="body-weight", target="79", date=today - timedelta(days=1))
    assert (found["at_date"], found["chance"]) == (None, None)
    assert found["arrival"]["day"] is not None


async def test_far_ahead_is_said_to_be_untested(athlete: Person) -> None:
    today = await today_of(athlete)
    await weigh(athlete, losing(today, days=60))
    assert (await forecast(athlete, metric="body-weight", date=today + timedelta(days=84)))["is_tested"]
    assert not (await forecast(athlete, metric="body-weight", date=today + timedelta(days=85)))["is_tested"]


@pytest.mark.parametrize(
    ("a_day", "noise", "days", "movement"),
    [(0.0, 0.15, 40, "PLATEAU"), (0.05, 0.15, 40, "CHANGING"), (0.01, 2.5, 40, "UNCLEAR"),
     (0.0, 0.15, 20, "TOO_FEW"), (0.0, 0.15, 9, "TOO_FEW")],
    ids=["flat", "losing", "noisy", "three-weeks", "nine-days"],
)  # fmt: skip
async def test_a_metric_stands_still_only_where_that_is_shown(
    athlete: Person, a_day: float, noise: float, days: int, movement: str
) -> None:
    await weigh(athlete, losing(await today_of(athlete), days=days, a_day=a_day, noise=noise))
    found = (await forecast(athlete, metric="body-weight"))["standstill"]
    assert found["movement"] == movement
    if movement == "PLATEAU":
        assert -0.2 < found["rate_low"] < found["rate_per_week"] < found["rate_high"] < 0.2
    assert found["days"] == min(days, 28)


async def test_a_lift_stands_still_after_six_weeks_without_a_best(athlete: Person) -> None:
    today = await today_of(athlete)
    best_day = today - timedelta(days=50)
    await lift(athlete, best_day, {"weight": 105})
    for days in (40, 33, 26, 19, 12):
        await lift(athlete, today - timedelta(days=days), {"weight": 100 + days % 2})
    assert (await forecast(athlete, exercise_id=SQUAT))["standstill"]["movement"] == "TOO_FEW"
    await lift(athlete, today, {"weight": 102.5})
    found = await forecast(athlete, exercise_id=SQUAT, unit="kg")
    assert (found["standstill"]["movement"], found["standstill"]["best_day"]) == ("PLATEAU", str(best_day))
    assert found["standstill"]["best"] == 122.5
    # As good as the best is none; better is one, and lifts the forecast.
    same = await lift(athlete, today - timedelta(days=1), {"weight": 105})
    assert (await forecast(athlete, exercise_id=SQUAT))["standstill"]["movement"] == "PLATEAU"
    await answered(athlete, "PATCH", f"sessions/{same['id']}/sets/{same['performances'][0]['sets'][0]['id']}", {"weight": 107.5})
    after = await forecast(athlete, exercise_id=SQUAT)
    assert after["standstill"]["movement"] == "CHANGING"
    assert after["line"]["value"] > found["line"]["value"]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({}, {"query/goal_id"}),
        ({"metric": "body-weight", "exercise_id": SQUAT}, {"query/goal_id"}),
        ({"goal_id": str(uuid7()), "target": "80"}, {"query/target"}),
        ({"metric": "body-weight", "unit": "cm"}, {"query/unit"}),
        ({"exercise_id": SQUAT, "unit": "g"}, {"query/unit"}),
        ({"metric": "body-weight", "target": "0"}, {"query/target"}),
        ({"metric": "body-weight", "date": "1969-12-31"}, {"query/date"}),
    ],
    ids=["nothing", "two", "goal-and-target", "unit", "lift-unit", "zero", "date"],
)
async def test_what_cannot_be_asked_is_refused(athlete: Person, query: dict[str, str], wrong: set[str]) -> None:
    assert pointers(problem(await athlete.get("progress/forecast", params=query), 422, "invalid")) == wrong


@pytest.mark.parametrize(
    "query", [{"goal_id": str(uuid7())}, {"metric": "no-such"}, {"exercise_id": str(uuid7())}], ids=["goal", "metric", "exercise"]
)
async def test_what_is_not_there_is_not_found(athlete: Person, query: dict[str, str]) -> None:
    problem(await athlete.get("progress/forecast", params=query), 404, "not-found")


async def test_another_athletes_goal_is_not_there(athlete: Person, stranger: Person) -> None:
    goal = await set_goal(athlete)
    problem(await stranger.get("progress/forecast", params={"goal_id": goal["id"]}), 404, "not-found")


async def test_a_metric_is_named_by_slug_or_id(athlete: Person) -> None:
    by_id = await forecast(athlete, metric=builtin_id("metric", "body-weight"))
    assert by_id == await forecast(athlete, metric="body-weight")
