"""`reptrail progress calibrate`: the claim of 80 % over histories whose answer is known, made up, and real."""

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from goal_world import lift, weigh
from rich.console import Console
from typer.testing import CliRunner

from good_requests import answered
from helpers import Person
from reptrail.cli.calibration import calibration_json, show_calibration
from reptrail.cli.main import app
from reptrail.demo import body
from reptrail.goals import actions
from reptrail.goals.formulas import HORIZONS_DAYS, Coverage, coverage
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.training.rules import WeightUnit

HEVY = "hevy/workout_data_7211_sets.csv"


async def calibrated(person: Person, services: Services) -> list[actions.Calibration]:
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        return await actions.calibrate(tx)


def shares(found: list[list[Coverage]]) -> dict[int, tuple[float, float, int]]:
    """Held, textbook's and how many, by horizon, over several series."""
    pooled = {}
    for place, horizon in enumerate(HORIZONS_DAYS):
        told = [each[place] for each in found if each[place].forecasts]
        count = sum(each.forecasts for each in told)
        held = sum((each.held or 0) * each.forecasts for each in told) / count
        nominal = sum((each.nominal_held or 0) * each.forecasts for each in told) / count
        pooled[horizon] = held, nominal, count
    return pooled


async def test_it_counts_over_the_athletes_own_history(athlete: Person, services: Services) -> None:
    chance, begin = Random(3), date(2025, 1, 1)  # noqa: S311
    days = [begin + timedelta(days=n) for n in range(200)]
    await weigh(athlete, [(day, 80 + chance.gauss(0, 0.4)) for day in days])
    for day in days[::7]:
        await lift(athlete, day, {"weight": round(100 + chance.gauss(0, 2), 1)}, {"weight": 300, "kind": "WARMUP"})
    weight, squat = await calibrated(athlete, services)
    assert (weight.subject, weight.days, squat.subject, squat.days) == ("Body Weight", 200, "Squat (Barbell)", 29)
    assert [each.horizon for each in weight.horizons] == list(HORIZONS_DAYS)
    # A forecast a week from the third on (two weeks of days must be there), as long as what came is known.
    assert 24 <= weight.horizons[0].forecasts <= 28
    for each in weight.horizons[:3]:
        # Independent days on a level: the textbook is right, and the widening must not spoil it.
        assert each.held is not None
        assert each.held >= 0.65
        # Two times 1.3 standard deviations of 0.4 kg, and what the line adds.
        assert each.mean_width is not None
        assert 0.9 < each.mean_width < 3


async def test_nothing_comes_of_nothing(athlete: Person, services: Services) -> None:
    assert await calibrated(athlete, services) == []
    await weigh(athlete, [(date(2026, 1, 1), 80)])
    (weight,) = await calibrated(athlete, services)
    assert {each.forecasts for each in weight.horizons} == {0}
    console = Console(record=True, width=100)
    show_calibration([weight], WeightUnit.KG, console)
    assert "Nothing to hold against" in console.export_text()


def test_the_table_says_it_in_the_athletes_unit() -> None:
    rows = [Coverage(7, 52, 0.8077, 0.4535923, 0.6538), Coverage(14, 0, None, None, None)]
    console = Console(record=True, width=100)
    show_calibration([actions.Calibration("Body Weight", 300, rows)], WeightUnit.LB, console)
    text = console.export_text()
    for said in ("Body Weight", "300", "7 d", "52", "81%", "65%", "1.0", "Mean width, lb"):
        assert said in text
    assert "14 d" not in text
    assert json.loads(calibration_json([actions.Calibration("Body Weight", 300, rows)]))[0]["horizons"][0]["held"] == 0.8077


def test_the_claim_holds_for_the_made_up_athletes_body_weight() -> None:
    found = []
    for seed in range(4):
        made = body.measurements(Random(seed), date(2024, 1, 1), date(2025, 12, 31))  # noqa: S311
        found.append(coverage([(each.day, float(each.value)) for each in made if each.metric == "body-weight"]))
    for horizon, (held, nominal, count) in shares(found).items():
        assert count > 300
        assert 0.74 <= held <= 0.87, (horizon, held)
        assert nominal < held
    assert shares(found)[28][1] < 0.7


async def test_the_claim_holds_for_a_real_lifting_history(athlete: Person, services: Services, samples: Path) -> None:
    file = (samples / HEVY).read_bytes()
    await answered(
        athlete, "POST", "imports", files={"file": ("h.csv", file, "text/csv")}, data={"time_zone": "UTC", "weight_unit": "kg"}
    )
    found = [each.horizons for each in await calibrated(athlete, services)]
    assert len(found) == actions.CALIBRATED_LIFTS
    for horizon, (held, nominal, count) in shares([list(each) for each in found]).items():
        assert count > 90
        # Rather too wide than too narrow: a lift has few days, so what is believed beforehand weighs more.
        assert 0.76 <= held <= 0.95, (horizon, held)
        assert nominal < held


def test_the_command_line_takes_it_beside_the_report() -> None:
    assert "calibrate" in CliRunner().invoke(app, ["progress", "--help"]).output
    wrong = CliRunner().invoke(app, ["progress", "celebrate", "--user", "ann@example.org"])
    assert wrong.exit_code == 2
