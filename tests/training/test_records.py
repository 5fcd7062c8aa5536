"""Records broken: each kind, when there is none, and by corrections."""

from decimal import Decimal
from typing import Any

import pytest
from training_world import ASSISTED, BENCH, PLANK, PULL_UP, RUN, SQUAT, a_set, log, ok, record, start

from helpers import Person
from reptrail.progress.formulas import e1rm_epley

NONE = {"weight": ..., "weight_unit": ...}


def told(answer: dict[str, Any]) -> dict[str, tuple[float, float]]:
    return {r["kind"]: (r["value"], r["previous_value"]) for r in answer["records"]}


async def before(person: Person, exercise: str, *sets: dict[str, Any]) -> dict[str, Any]:
    """A session under way, after an earlier one with these sets."""
    await record(person, performances=[{"exercise_id": exercise, "sets": [a_set(None, **each) for each in sets]}])
    return await start(person)


async def test_the_first_set_ever_breaks_none(athlete: Person) -> None:
    session = await start(athlete)
    assert told(await log(athlete, session, a_set(BENCH))) == {}
    assert told(await log(athlete, session, a_set(SQUAT, weight=200))) == {}
    assert told(await log(athlete, session, a_set(RUN, reps=..., distance_m=5000, duration_seconds=1500, **NONE))) == {}


async def test_the_same_again_is_no_record(athlete: Person) -> None:
    """100 kg for 10 is 133.333... kg: PostgreSQL and Python end it after different digits."""
    session = await start(athlete)
    for reps in (10, 7, 11, 1):
        for _ in range(3):
            answer = await log(athlete, session, a_set(reps=reps, weight=97.7))
        assert told(answer) == {}


async def test_more_weight(athlete: Person) -> None:
    session = await before(athlete, BENCH, {"weight": 100, "reps": 5})
    answer = await log(athlete, session, a_set(weight=225, weight_unit="lb", reps=5))
    e1rm = e1rm_epley(Decimal("102.05828325"), 5)
    assert e1rm is not None
    assert told(answer) == {"HEAVIEST_WEIGHT": (102.05828325, 100), "BEST_E1RM": (float(round(e1rm, 3)), 116.667)}
    for broken in answer["records"]:
        assert (broken["weight"], broken["weight_unit"]) == (225, "lb")
        assert broken["set_id"] == answer["sets"][0]["id"]
        assert (broken["exercise_id"], broken["unit"]) == (BENCH, "kg")
        assert (broken["formula"] == "Epley 1985") == (broken["kind"] == "BEST_E1RM")
    assert told(await log(athlete, session, a_set(weight=102, reps=1))) == {}


async def test_more_repetitions_at_a_weight(athlete: Person) -> None:
    session = await before(athlete, BENCH, {"weight": 100, "reps": 5}, {"weight": 80, "reps": 6})
    assert told(await log(athlete, session, a_set(weight=80, reps=7))) == {"MOST_REPS_AT_WEIGHT": (7, 6)}
    assert told(await log(athlete, session, a_set(weight=60, reps=8))) == {}, "a weight that is new has nothing to beat"
    await log(athlete, session, a_set(weight=100, reps=9))
    assert told(await log(athlete, session, a_set(weight=80, reps=9))) == {}, "as many were done with more"
    assert told(await log(athlete, session, a_set(weight=80, reps=10))) == {"MOST_REPS_AT_WEIGHT": (10, 9)}


async def test_bodyweight_repetitions(athlete: Person) -> None:
    session = await before(athlete, PULL_UP, {"reps": 8, "weight": ..., "weight_unit": ...})
    assert told(await log(athlete, session, a_set(PULL_UP, reps=9, **NONE))) == {"MOST_REPS_AT_WEIGHT": (9, 8)}
    assert told(await log(athlete, session, a_set(PULL_UP, reps=5, weight=10))) == {}
    assert told(await log(athlete, session, a_set(PULL_UP, reps=1, weight=20)))["HEAVIEST_WEIGHT"] == (20, 10)


async def test_longest_and_furthest(athlete: Person) -> None:
    session = await before(athlete, RUN, {"reps": ..., "distance_m": 5000, "duration_seconds": 1500, **NONE})
    answer = await log(athlete, session, a_set(RUN, reps=..., distance_m=5000.5, duration_seconds=1600, **NONE))
    assert told(answer) == {"LONGEST": (1600, 1500), "FURTHEST": (5000.5, 5000)}
    assert {r["kind"]: r["unit"] for r in answer["records"]} == {"LONGEST": "s", "FURTHEST": "m"}
    await log(athlete, session, a_set(PLANK, reps=..., duration_seconds=60, **NONE))
    assert told(await log(athlete, session, a_set(PLANK, reps=..., duration_seconds=61, **NONE))) == {"LONGEST": (61, 60)}


async def test_rpe_counts_the_repetitions_in_reserve(athlete: Person) -> None:
    session = await before(athlete, SQUAT, {"weight": 100, "reps": 5, "rpe": 10})
    answer = await log(athlete, session, a_set(SQUAT, weight=100, reps=5, rpe=8))
    assert told(answer) == {"BEST_E1RM": (123.333, 116.667)}
    # Without an estimate: more than 12 repetitions to failure were never fitted.
    assert "BEST_E1RM" not in told(await log(athlete, session, a_set(SQUAT, weight=100, reps=11, rpe=8)))


@pytest.mark.parametrize("fields", [{"kind": "WARMUP"}, {"load": "ASSISTED"}, {"reps": 0}])
async def test_what_is_in_no_record(athlete: Person, fields: dict[str, Any]) -> None:
    session = await before(athlete, BENCH, {"weight": 100, "reps": 5})
    assert told(await log(athlete, session, a_set(weight=200, **fields))) == {}
    assert told(await log(athlete, session, a_set(weight=101)))["HEAVIEST_WEIGHT"] == (101, 100), "and sets no bar"


async def test_less_help_is_no_record_either(athlete: Person) -> None:
    session = await before(athlete, ASSISTED, {"weight": 30, "reps": 5})
    for weight in (20, 40):
        assert told(await log(athlete, session, a_set(ASSISTED, weight=weight, reps=8))) == {}


async def test_within_one_request_in_order(athlete: Person) -> None:
    session = await before(athlete, BENCH, {"weight": 100, "reps": 5})
    sets = [a_set(weight=weight, reps=1) for weight in (105, 102.5, 110, 110)]
    answer = await log(athlete, session, *sets)
    heaviest = [(r["set_id"], r["value"], r["previous_value"]) for r in answer["records"] if r["kind"] == "HEAVIEST_WEIGHT"]
    assert heaviest == [(sets[0]["id"], 105, 100), (sets[2]["id"], 110, 105)]


async def test_not_of_another_exercise_and_not_of_what_was_deleted(athlete: Person) -> None:
    session = await before(athlete, SQUAT, {"weight": 100})
    heavy = (await log(athlete, session, a_set(SQUAT, weight=150), a_set(BENCH, weight=60)))["sets"][0]
    await athlete.delete(f"sessions/{session['id']}/sets/{heavy['id']}")
    assert told(await log(athlete, session, a_set(SQUAT, weight=110)))["HEAVIEST_WEIGHT"] == (110, 100)


async def test_the_same_set_sent_again_breaks_no_record_twice(athlete: Person) -> None:
    session = await before(athlete, BENCH, {"weight": 100})
    body = a_set(weight=120)
    assert told(await log(athlete, session, body))
    assert told(await log(athlete, session, body)) == {}


async def test_a_correction_breaks_records_too(athlete: Person) -> None:
    session = await before(athlete, BENCH, {"weight": 100, "reps": 5})
    logged = (await log(athlete, session, a_set(weight=90)))["sets"][0]
    path = f"sessions/{session['id']}/sets/{logged['id']}"
    corrected = ok(await athlete.patch(path, {"weight": 110}))
    assert told(corrected) == {"HEAVIEST_WEIGHT": (110, 100), "BEST_E1RM": (128.333, 116.667)}
    assert corrected["records"][0]["set_id"] == logged["id"]
    assert told(ok(await athlete.patch(path, {"notes": "yes"}))) == {}, "told once"
    assert told(ok(await athlete.patch(path, {"weight": 95}))) == {}
    assert told(ok(await athlete.patch(path, {"weight": 112, "kind": "WARMUP"}))) == {}


async def test_of_two_athletes(athlete: Person, stranger: Person) -> None:
    await before(stranger, BENCH, {"weight": 50})
    session = await before(athlete, BENCH, {"weight": 100})
    assert told(await log(athlete, session, a_set(weight=90))) == {}
