"""What two revisions of a program have between them, as data and in sentences."""

import copy
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from program_world import BENCH, CATALOGUE_WORKOUT, DEADLIFT, LINEAR, PROGRAMS, SQUAT, asks, days, made, ok, program, put, workout

from helpers import Person, problem
from reptrail.programs.rules import difference

NAMES = {SQUAT: "Squat", BENCH: "Bench Press", DEADLIFT: "Deadlift"}
UNSAID = dict.fromkeys(
    ("group_number", "sets", "reps_min", "reps_max", "weight", "weight_unit", "percent", "rpe", "rest_seconds", "duration_seconds",
     "distance_m", "set_targets", "progression", "instruction_notes")
)  # fmt: skip
PROGRAM_ID = str(uuid4())


def document(**fields: Any) -> dict[str, Any]:
    """A program as the API answers it, from one as it is sent; only what a difference reads."""
    text = program(workouts=[workout("A", asks(), asks(BENCH)), workout("B", asks(DEADLIFT))], days=days("A", "", "B"))
    text = {**text, "is_public": False, **copy.deepcopy(fields)}
    workouts = [
        {"description": None, **each, "instructions": [
            {**UNSAID, **asked, "position": place, "exercise_name": NAMES[asked["exercise_id"]]}
            for place, asked in enumerate(each["instructions"], 1)]}
        for each in text["workouts"]
    ]  # fmt: skip
    planned = [
        {"day_name": None, "day_notes": None, **day, "day_number": n, "workouts": [{"workout_key": key} for key in day["workouts"]]}
        for n, day in enumerate(text["days"], 1)
    ]
    return {**text, "id": PROGRAM_ID, "revision": 1, "workouts": workouts, "days": planned}


def told(**fields: Any) -> Any:
    """The difference that these fields make, as JSON, with its sentences alone beside it."""
    return msgspec.to_builtins(difference(document(), document(**fields)))


TWO = [workout("A", asks(), asks(BENCH)), workout("B", asks(DEADLIFT))]


def a(*instructions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The workouts, A asking this."""
    return {"workouts": [workout("A", *instructions, **fields), TWO[1]]}


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({}, []),
        ({"program_name": "Weak", "is_public": True}, ["The program: is named Weak instead of Strong, is public now"]),
        ({"description": None}, ["The program: another description"]),
        ({"days": days("A", "", "A")}, ["Day 3: A instead of B"]),
        ({"days": days("A", "B", "")}, ["Day 2: B instead of rest", "Day 3: rest instead of B"]),
        ({"days": days("AB", "", "B")}, ["Day 1: B as well"]),
        ({"days": days("A", "", "B", "", "AB")}, ["Day 4 is new: rest", "Day 5 is new: A, B"]),
        ({"days": days("A", "")}, ["Day 3 is gone"]),
        ({"days": [{"workouts": ["A"], "day_name": "Heavy"}, *days("", "B")]}, ["Day 1: is named Heavy"]),
        (a(asks(sets=5), asks(BENCH)), ["Squat: 5 sets instead of 3"]),
        (a(asks(reps_max=8, rest_seconds=90), asks(BENCH)), ["Squat: at most 8 reps instead of 5, 90 s of rest"]),
        (a(asks(sets=None), asks(BENCH)), ["Squat: no sets instead of 3"]),
        (a(asks(progression=LINEAR), asks(BENCH)), ["Squat: rule linear instead of none"]),
        (a(asks(set_targets=[{"percent": 80}]), asks(BENCH)), ["Squat: other targets set by set"]),
        (a(asks(), asks(BENCH), asks(DEADLIFT)), ["Deadlift is new"]),
        (a(asks()), ["Bench Press is gone"]),
        (a(asks(), asks(DEADLIFT)), ["Deadlift is new", "Bench Press is gone"]),
        (a(asks(BENCH), asks()), ["A: another order"]),
        (a(asks(), asks(), asks(BENCH)), ["Squat is new"]),
        (a(asks(), asks(BENCH), workout_name="Push"), ["A: is named Push instead of Workout A"]),
        ({"workouts": [*TWO, workout("C", asks())]}, ["C is new: Workout C"]),
        ({"workouts": TWO[:1]}, ["B is gone: Workout B"]),
    ],
    ids=lambda value: "; ".join(value) if isinstance(value, list) else "",
)
def test_sentences(fields: dict[str, Any], sentences: list[str]) -> None:
    assert told(**fields)["sentences"] == sentences


def test_two_days_that_change_places() -> None:
    first, third = told(days=days("B", "", "A"))["days"]
    assert (first["change"], first["workouts_in"], first["workouts_out"], first["fields"]) == ("changed", ["B"], ["A"], [])
    assert (third["day_number"], third["workouts_in"], third["workouts_out"]) == (3, ["A"], ["B"])
    (swapped,) = msgspec.to_builtins(difference(document(days=days("AB")), document(days=days("BA"))))["days"]
    assert (swapped["workouts_in"], swapped["sentence"]) == ([], "Day 1: the same workouts in another order")


def test_a_field_says_what_it_was_and_is() -> None:
    (changed,) = told(**a(asks(weight=60, weight_unit="kg"), asks(BENCH)))["workouts"]
    (instruction,) = changed["instructions"]
    assert (changed["workout_key"], changed["change"]) == ("A", "changed")
    assert (instruction["exercise_name"], instruction["change"], instruction["position"]) == ("Squat", "changed", 1)
    expected = [{"field": "weight", "from": None, "to": 60}, {"field": "weight_unit", "from": None, "to": "kg"}]
    assert instruction["fields"] == expected


def test_one_constant_of_a_rule() -> None:
    before = document(**a(asks(progression=LINEAR), asks(BENCH)))
    after = document(**a(asks(progression={**LINEAR, "increment": 5}), asks(BENCH)))
    assert difference(before, after).sentences == ["Squat: other constants of the rule linear"]


async def test_over_http(athlete: Person) -> None:
    stored = await made(athlete)
    edited = [workout("A", asks(sets=5), asks(BENCH)), {"workout_key": "C", "workout_id": CATALOGUE_WORKOUT}]
    await put(athlete, stored, workouts=edited, days=days("A", "", "C", "A", "C"))
    path = f"{PROGRAMS}/{stored['id']}/difference"
    found = ok(await athlete.get(path, params={"from": 1}))
    assert (found["program_id"], found["from_revision"], found["to_revision"]) == (stored["id"], 1, 2)
    assert [each["workout_key"] for each in found["workouts"]] == ["A", "B"]
    assert found["sentences"] == [
        "Day 3: no longer B",
        "Day 5 is new: C",
        "Squat (Barbell): 5 sets instead of 3, rule none instead of linear",
        "B is gone: Workout B",
    ]
    assert ok(await athlete.get(path, params={"from": 1, "to": 2})) == found
    assert ok(await athlete.get(path, params={"from": 2}))["sentences"] == []
    back = ok(await athlete.get(path, params={"from": 2, "to": 1}))
    assert "B is new: Workout B" in back["sentences"]
    problem(await athlete.get(path, params={"from": 3}), 404, "not-found")
    problem(await athlete.get(path), 422, "invalid")
