"""Back-tests: against a history made by hand, against the real samples, over HTTP and in the terminal."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prescribing import BENCH, KG, SQUAT, a_set, instruction, logged, ok, performed, record, sets_of

from helpers import Person, pointers, problem
from reptrail.db.pool import Via
from reptrail.http.edge import Services
from reptrail.ids import uuid7
from reptrail.prescriptions.backtest import run
from reptrail.prescriptions.loading import USUAL
from reptrail.training.rules import SetKind, SetLoad, WeightUnit
from reptrail.transfer.actions import ImportOptions, run_import

LINEAR = instruction("linear")


def asked(found: Any) -> list[float | None]:
    """The weight asked each time, oldest first."""
    return [None if each.asked[0].weight is None else float(each.asked[0].weight) for each in reversed(found.items)]


def test_a_history_made_by_hand() -> None:
    """Ten sessions, worked out on paper: the first has nothing to go by, 85 is missed three times."""
    results = [
        (80, (5, 5, 5), None, None), (82.5, (5, 5, 5), 82.5, True), (85, (5, 5, 4), 85, False), (85, (5, 4, 4), 85, False),
        (85, (5, 5, 3), 85, False), (77.5, (5, 5, 5), 77.5, True), (80, (5, 5, 5), 80, True), (80, (5, 5, 5), 82.5, False),
        (90, (5, 5), 82.5, False), (90, (5, 5, 5), 90, True),
    ]  # fmt: skip
    history = [performed(2 * (len(results) - place), *sets_of(kg, *reps)) for place, (kg, reps, _, _) in enumerate(results)][::-1]
    found = run(LINEAR, history, USUAL[KG])
    assert asked(found) == [each[2] for each in results]
    assert [each.met for each in reversed(found.items)] == [each[3] for each in results]
    assert (found.performances, found.asked, found.met, found.met_share) == (10, 9, 4, pytest.approx(4 / 9))
    # 80 done for 82.5 asked, and 90 for 82.5; all else as asked
    assert float(found.mean_difference_kg or 0) == pytest.approx((-2.5 + 7.5) / 9, abs=1e-5)
    assert "85 kg was missed 3 times in a row" in found.items[4].reason


def test_an_increment_too_small_to_load_adds_up_here_too() -> None:
    asked_for = [80, 80, 82.5, 82.5, 85, 85, 85]
    history = [performed(20 - 2 * place, *sets_of(kg, 5, 5, 5)) for place, kg in enumerate(asked_for)][::-1]
    found = run(instruction("linear", constants={"increment": 1}), history, USUAL[KG])
    assert asked(found) == [None, *asked_for[1:]]


def test_what_was_not_lifted_is_not_met_and_sets_count_once() -> None:
    history = [performed(2, *sets_of(82.5, 5, 5), a_set(5, 80)), performed(4, *sets_of(80, 5, 5, 5))]
    assert run(LINEAR, history, USUAL[KG]).items[0].met is False
    history[0] = performed(2, *sets_of(82.5, 5, 5), a_set(5, 100), a_set(5, 80))
    assert run(LINEAR, history, USUAL[KG]).items[0].met is True


def test_as_many_misses_are_counted_as_the_rule_wants() -> None:
    asked = instruction("linear", weight=100, weight_unit="kg", constants={"deload_after": 14})
    missed = [performed(days, *sets_of(100, 5, 5, 4)) for days in range(2, 32, 2)]
    found = run(asked, missed, USUAL[KG])
    assert [float(each.asked[0].weight or 0) for each in found.items[:2]] == [90, 100]


def test_help_is_met_by_less_of_it() -> None:
    help_ = {"load": SetLoad.ASSISTED}
    helped = instruction("linear", equipment="MACHINE", load="ASSISTED", constants={"increment": 5})
    history = [performed(2, *sets_of(20, 5, 5, 5, **help_)), performed(4, *sets_of(30, 5, 5, 5, **help_))]
    found = run(helped, history, USUAL[KG]).items[0]
    assert (found.asked[0].weight, found.met, found.difference_kg) == (25, True, -5)


def test_warm_ups_are_no_performance() -> None:
    warm_up = performed(1, a_set(5, 60, kind=SetKind.WARMUP))
    assert run(LINEAR, [warm_up, performed(4, *sets_of(80, 5, 5, 5))], USUAL[KG]).performances == 1


def test_percent_and_rpe_never_look_ahead() -> None:
    history = [performed(2, *sets_of(200, 5)), performed(4, *sets_of(100, 5)), performed(6, *sets_of(90, 5))]
    percent = run(instruction("percent", sets=1, percent=80), history, USUAL[KG])
    # Epley 105 and 116.67; 90 % of them are 94.5 and 105; of which 80 %
    assert asked(percent) == [None, 75, 85]
    rpe = run(instruction("rpe", sets=1, rpe=10), history, USUAL[KG])
    assert asked(rpe) == [None, 90, 100]


async def test_over_http(athlete: Person, stranger: Person) -> None:
    for day, kg in (("2026-03-01", 80), ("2026-03-03", 82.5), ("2026-03-05", 90)):
        await record(athlete, day, SQUAT, *[logged(5, kg)] * 3)
    await record(athlete, "2026-03-04", BENCH, *[logged(5, 60)] * 3)
    await record(stranger, "2026-03-04", SQUAT, *[logged(5, 300)] * 3)
    found = ok(
        await athlete.get("progress/backtest", params={"exercise_id": SQUAT, "rule": "linear", "sets": "3", "increment": "2.5"})
    )
    assert [each["date"] for each in found["items"]] == ["2026-03-05", "2026-03-03", "2026-03-01"]
    assert [each["asked"][0]["weight"] for each in found["items"]] == [85, 82.5, None]
    assert [each["met"] for each in found["items"]] == [True, True, None]
    assert [each["difference_kg"] for each in found["items"]] == [5, 0, None]
    assert (found["met"], found["asked"], found["mean_difference_kg"]) == (2, 2, 2.5)
    assert found["items"][1]["reason"] == "All 3 x 5 at 80 kg done on 1 Mar, so 2.5 kg more: 82.5 kg."
    assert found["items"][0]["done"][0]["weight"] == 90
    within = {"exercise_id": SQUAT, "rule": "linear", "from": "2026-03-03", "to": "2026-03-04"}
    found = ok(await athlete.get("progress/backtest", params=within))
    assert [(each["date"], each["asked"][0]["weight"]) for each in found["items"]] == [("2026-03-03", 82.5)]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({}, {"query/exercise_id", "query/rule"}),
        ({"exercise_id": SQUAT, "rule": "magic"}, {"query/rule"}),
        ({"exercise_id": SQUAT, "rule": "double"}, {"query/reps_max"}),
        ({"exercise_id": SQUAT, "rule": "percent"}, {"query/percent"}),
        ({"exercise_id": SQUAT, "rule": "rpe", "increment": "NaN"}, {"query/increment"}),
        ({"exercise_id": SQUAT, "rule": "rpe"}, {"query/rpe"}),
        ({"exercise_id": SQUAT, "rule": "linear", "reps_max": "3", "weight": "5"}, {"query/reps_max", "query/weight_unit"}),
        ({"exercise_id": SQUAT, "rule": "linear", "increment": "-1", "x": "1"}, {"query/increment", "query/x"}),
    ],
)
async def test_what_makes_no_sense(athlete: Person, query: dict[str, str], wrong: set[str]) -> None:
    assert pointers(problem(await athlete.get("progress/backtest", params=query), 422, "invalid")) == wrong


async def test_an_exercise_that_is_not_there(athlete: Person) -> None:
    query = {"exercise_id": str(uuid7()), "rule": "linear"}
    problem(await athlete.get("progress/backtest", params=query), 404, "not-found")
    empty = ok(await athlete.get("progress/backtest", params={"exercise_id": SQUAT, "rule": "linear"}))
    assert (empty["items"], empty["met_share"], empty["mean_difference_kg"]) == ([], None, None)


OFTEN = """
    SELECT p.exercise_id FROM user_exercise_performance p JOIN exercise e ON e.id = p.exercise_id
    WHERE p.user_id = $1 AND e.equipment = 'BARBELL' GROUP BY 1 HAVING count(*) >= 20 ORDER BY max(p.weight_used_kg) DESC LIMIT 1
"""


async def test_a_real_history(athlete: Person, services: Services, samples: Path) -> None:
    data = (samples / "hevy" / "workout_data_7211_sets.csv").read_bytes()
    async with services.database.act_as_system(UUID(athlete.user_id), uuid7(), Via.IMPORT) as tx:
        await run_import(tx, data, ImportOptions(format="hevy", time_zone="UTC", weight_unit=KG))
        row = await tx.row(OFTEN, UUID(athlete.user_id))
    assert row is not None
    query = {"exercise_id": str(row[0]), "reps_min": "5", "reps_max": "8", "rpe": "8", "percent": "80"}
    for rule in ("linear", "double", "percent", "rpe", "fixed"):
        found = ok(await athlete.get("progress/backtest", params={**query, "rule": rule}))
        assert 0 < found["met"] < found["asked"] < found["performances"]
        days = [each["date"] for each in found["items"]]
        assert days == sorted(days, reverse=True)
        weights = {one["weight"] for each in found["items"] for one in each["asked"]} - {None}
        assert len(weights) > 3
        assert all(weight >= 20 and (weight - 20) % 2.5 == 0 for weight in weights)
        if rule == "percent":
            by_an_independent_reckoning(found["items"][::-1])


def by_an_independent_reckoning(items: list[Any]) -> None:
    """80 % of 90 % of the best Epley of the 90 days before, from what was done alone, to the nearest 2.5 kg."""
    bests: list[tuple[date, float]] = []
    for item in items:
        day = date.fromisoformat(item["date"])
        recent = [best for at, best in bests[-60:] if best and (day - at).days <= 90]
        weight = item["asked"][0]["weight"]
        assert (weight is None) == (not recent)
        if recent:
            assert abs(weight - max(20, max(recent) * 0.9 * 0.8)) <= 1.3, item
        e1rms = [
            done["weight_kg"] * (1 + to_failure / 30)
            for done in item["done"]
            if done["weight_kg"] and done["reps"] and (to_failure := done["reps"] + 10 - (done["rpe"] or 10)) <= 12
        ]
        bests.append((day, max(e1rms, default=0)))


def test_units_are_the_athletes() -> None:
    history = [performed(2, *sets_of(185, 5, 5, 5, unit=WeightUnit.LB)), performed(4, *sets_of(80, 5, 5, 5))]
    found = run(instruction("linear", constants={"increment": 5, "increment_unit": "lb"}), history, USUAL[WeightUnit.LB]).items[0]
    # 80 kg are 176.37 lb: 5 more are 181.37, and 180 can be loaded.
    assert (float(found.asked[0].weight or 0), found.met) == (180, True)
