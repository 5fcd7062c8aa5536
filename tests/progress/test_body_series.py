"""Measurements over time and body composition over HTTP."""

from datetime import date, timedelta
from typing import Any

import pytest
from progress_world import answered, chart

from helpers import Person, pointers, problem, register

POUND = 0.45359237


async def measure(person: Person, metric: str, day: str, value: float, unit: str, **fields: Any) -> Any:
    body = {"metric": metric, "measured_value": value, "unit": unit, "measurement_date": day, **fields}
    return await answered(person, "POST", "measurements", body)


async def test_a_series_by_hand(athlete: Person) -> None:
    await measure(athlete, "body-weight", "2026-03-01", 80, "kg")
    await measure(athlete, "body-weight", "2026-03-02", 81, "kg")
    light = await measure(athlete, "body-weight", "2026-03-04", 180, "lb")
    heavy = await measure(athlete, "body-weight", "2026-03-04", 182, "lb")
    found = await chart(athlete, "measurements/body-weight", from_="2026-03-01", to="2026-03-31")
    # Each day takes a tenth of the distance into the trend: 80, 80.1, and two days of the mean of 181 lb.
    mean = 181 * POUND
    trend = [80, 80.1, mean + (80.1 - mean) * 0.81]
    assert [point["trend"] for point in found["points"]] == [pytest.approx(each) for each in trend]
    assert [point["value"] for point in found["points"]] == [80, 81, pytest.approx(mean)]
    assert found["points"][2]["entries"] == [
        {"id": each["id"], "measured_value": value, "unit": "lb", "measurement_source": "MANUAL"}
        for each, value in ((light, 180), (heavy, 182))
    ]
    assert (found["change_in_period"], found["change_since_start"]) == (pytest.approx(trend[2] - 80), pytest.approx(trend[2] - 80))
    assert (found["first_day"], found["rate_per_week"], found["unit"]) == ("2026-03-01", None, "kg")


async def test_what_was_entered_in_pounds_reads_back_in_pounds(athlete: Person) -> None:
    await answered(athlete, "PATCH", "/api/v1/me", {"weight_unit": "lb"})
    await measure(athlete, "body-weight", "2026-03-01", 225, "lb")
    found = await chart(athlete, "measurements/body-weight", from_="2026-03-01")
    assert (found["unit"], found["points"][0]["value"], found["points"][0]["trend"]) == ("lb", 225, 225)
    kg = await chart(athlete, "measurements/body-weight", from_="2026-03-01", unit="kg")
    assert kg["points"][0]["value"] == 225 * POUND
    stone = await chart(athlete, "measurements/body-weight", from_="2026-03-01", unit="st")
    assert stone["points"][0]["value"] == pytest.approx(225 / 14)


async def test_the_trend_enters_a_period_as_it_left_the_one_before(athlete: Person) -> None:
    for day in range(1, 29):
        await measure(athlete, "waist", f"2026-02-{day:02}", 90 - day / 10, "cm")
    whole = await chart(athlete, "measurements/waist", from_="2026-02-01", to="2026-02-28")
    part = await chart(athlete, "measurements/waist", from_="2026-02-20", to="2026-02-28")
    assert part["points"] == whole["points"][19:]
    assert (part["rate_per_week"], part["change_since_start"]) == (whole["rate_per_week"], whole["change_since_start"])
    assert part["rate_per_week"] == pytest.approx(-0.55, abs=0.1)
    assert part["change_in_period"] == pytest.approx(whole["points"][-1]["trend"] - whole["points"][19]["trend"])
    assert part["unit"] == "cm"


async def test_the_last_year_of_the_athletes_days_is_told_by_default(http: Any) -> None:
    east, west = [await register(http, time_zone=zone) for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")]
    ends = []
    for person in (east, west):
        found = await chart(person, "measurements/body-weight")
        first, last = date.fromisoformat(found["from"]), date.fromisoformat(found["to"])
        assert (last - first).days == 364
        assert (found["points"], found["first_day"], found["change_since_start"]) == ([], None, None)
        ends.append(last)
    assert (ends[0] - ends[1]).days == 1


async def test_a_private_metric_keeps_its_own_unit(athlete: Person, stranger: Person) -> None:
    made = await answered(athlete, "POST", "/api/v1/metrics", {"metric_name": "Grip", "unit": "N"})
    body = {"metric_id": made["id"], "measured_value": 300, "unit": "N", "measurement_date": "2026-03-01"}
    await answered(athlete, "POST", "measurements", body)
    found = await chart(athlete, f"measurements/{made['id']}", from_="2026-03-01")
    assert (found["unit"], found["metric"], found["points"][0]["value"]) == ("N", None, 300)
    problem(await stranger.get(f"progress/measurements/{made['id']}"), 404, "not-found")


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"unit": "cm"}, "query/unit"),
        ({"unit": "bananas"}, "query/unit"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "query/to"),
        ({"by": "week"}, "query/by"),
    ],
    ids=["dimension", "unknown", "order", "field"],
)
async def test_a_series_nobody_can_draw_is_refused(athlete: Person, query: dict[str, str], wrong: str) -> None:
    assert pointers(problem(await athlete.get("progress/measurements/body-weight", params=query), 422, "invalid")) == {wrong}


async def test_an_unknown_metric_is_not_found(athlete: Person) -> None:
    problem(await athlete.get("progress/measurements/no-such"), 404, "not-found")


async def test_body_composition_is_of_the_newest_values_with_their_days(athlete: Person) -> None:
    for metric, day, value, unit in (
        ("body-weight", "2026-01-01", 90, "kg"),
        ("body-weight", "2026-03-01", 80, "kg"),
        ("height", "2026-02-01", 180, "cm"),
        ("neck", "2026-02-02", 15, "in"),
        ("abdomen", "2026-02-03", 34, "in"),
        ("hip", "2026-02-03", 100, "cm"),
        ("waist", "2026-02-03", 80, "cm"),
        ("body-fat", "2026-02-04", 15, "%"),
    ):
        await measure(athlete, metric, day, value, unit)
    found = await chart(athlete, "body", sex="male")
    assert found["bmi"]["value"] == pytest.approx(24.69)
    measured, male = found["compositions"]
    assert (measured["method"], male["method"]) == ("MEASURED", "NAVY_MALE")
    assert measured["lean_mass"]["value"] == pytest.approx(68)
    assert measured["ffmi"]["value"] == measured["ffmi_normalized"]["value"] == pytest.approx(68 / 1.8**2)
    assert male["body_fat"]["inputs"] == [
        {"metric": "abdomen", "value": pytest.approx(86.36), "unit": "cm", "day": "2026-02-03"},
        {"metric": "neck", "value": pytest.approx(38.1), "unit": "cm", "day": "2026-02-02"},
        {"metric": "height", "value": 180, "unit": "cm", "day": "2026-02-01"},
    ]
    # As of an earlier day: the older weight, and the first height, as the stored BMI has it.
    before = await chart(athlete, "body", on="2026-01-15")
    assert before["bmi"]["value"] == pytest.approx(90 / 1.8**2, abs=0.005)
    assert before["compositions"][0]["body_fat"]["reason"] == "not measured: body-fat"


async def test_the_bmi_told_is_the_one_that_is_stored(athlete: Person) -> None:
    day = date(2026, 3, 1)
    for number, kg in enumerate((81.3, 79.9, 80.2)):
        await measure(athlete, "body-weight", str(day + timedelta(days=number)), kg, "kg")
    await measure(athlete, "body-weight", str(day), 82.1, "kg")  # the last value entered on a day counts
    await measure(athlete, "height", "2026-03-02", 177, "cm")
    for number in range(3):
        on = str(day + timedelta(days=number))
        stored = (await answered(athlete, "GET", "measurements", params={"metric": "bmi", "from": on, "to": on}))["items"]
        assert [(await chart(athlete, "body", on=on))["bmi"]["value"]] == [each["measured_value"] for each in stored]


async def test_lean_mass_is_in_the_athletes_unit(athlete: Person) -> None:
    await answered(athlete, "PATCH", "/api/v1/me", {"weight_unit": "lb"})
    await measure(athlete, "body-weight", "2026-03-01", 200, "lb")
    await measure(athlete, "body-fat", "2026-03-01", 10, "%")
    lean = (await chart(athlete, "body"))["compositions"][0]["lean_mass"]
    assert (lean["value"], lean["unit"]) == (pytest.approx(180), "lb")
