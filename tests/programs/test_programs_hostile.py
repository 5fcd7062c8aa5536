"""Bodies that are wrong: each wrong field by its pointer, nothing stored, never a 500."""

import json
import time
from typing import Any
from uuid import uuid4

import pytest
from program_world import BENCH, LINEAR, PROGRAMS, SQUAT, V1, asks, days, listed, ok, program, workout

from helpers import Person, pointers, problem

MAX_ERRORS = 100


async def refused(person: Person, body: dict[str, Any]) -> set[str]:
    return pointers(problem(await person.post(PROGRAMS, body), 422, "invalid"))


async def test_all_wrong_fields_are_named_at_once(athlete: Person) -> None:
    workouts = [
        {"workout_key": "", "workout_name": " ", "description": "x" * 2001, "instructions": [], "colour": "red"},
        {"workout_key": "x" * 41, "workout_id": "x", "workout_revision": 0},
        7,
    ]
    bad_days = [{"day_name": "", "day_notes": "x" * 1001, "workouts": ["A"] * 7, "colour": 1}, {"workouts": [5]}, {}, None]
    body = program(program_name="", description=5, is_public="no", workouts=workouts, days=bad_days, colour="red")
    assert await refused(athlete, body) == {
        "/program_name", "/description", "/is_public", "/colour", "/workouts/0/workout_key", "/workouts/0/workout_name",
        "/workouts/0/description", "/workouts/0/instructions", "/workouts/0/colour", "/workouts/1/workout_key",
        "/workouts/1/workout_id", "/workouts/1/workout_revision", "/workouts/2", "/days/0/day_name", "/days/0/day_notes",
        "/days/0/workouts", "/days/0/colour", "/days/1/workouts/0", "/days/2/workouts", "/days/3",
    }  # fmt: skip
    assert await listed(athlete, mine="true") == []


@pytest.mark.parametrize(
    ("workouts", "planned", "expected"),
    [
        ([workout("A"), workout("A")], days("A"), {"/workouts/1/workout_key"}),
        ([workout("A")], days("A", "B", "AC"), {"/days/1/workouts/0", "/days/2/workouts/1"}),
        ([workout("A"), workout("B")], days("A"), {"/workouts/1/workout_key"}),
        ([workout("A")], days("", ""), {"/workouts/0/workout_key"}),
        ([], days(""), {"/workouts"}),
        ([workout("A")], [], {"/days"}),
        ([{"workout_key": "A"}], days("A"), {"/workouts/0/workout_name", "/workouts/0/instructions"}),
        ([{"workout_key": "A", "workout_name": "x"}], days("A"), {"/workouts/0/instructions"}),
        ([workout("A", workout_revision=1)], days("A"), {"/workouts/0/workout_revision"}),
        (
            [workout("A", workout_id=str(uuid4()), description="x")],
            days("A"),
            {f"/workouts/0/{name}" for name in ("workout_name", "description", "instructions")},
        ),
        ([{"workout_key": "A", "workout_id": str(uuid4())}], days("A"), {"/workouts/0/workout_id"}),
        ([workout("A", asks(str(uuid4())))], days("A"), {"/workouts/0/instructions/0/exercise_id"}),
        ([workout("a\x00")], [{"workouts": ["a\x00"]}], {"/workouts/0/workout_key"}),
    ],
    ids=[
        "key twice", "key unknown", "key unused", "rest alone", "no workouts", "no days", "neither", "no instructions",
        "revision alone", "both", "no such workout", "no such exercise", "NUL",
    ],
)  # fmt: skip
async def test_workouts_and_days_fit_together(athlete: Person, workouts: list[Any], planned: list[Any], expected: set[str]) -> None:
    assert expected <= await refused(athlete, program(workouts=workouts, days=planned))
    assert await listed(athlete, mine="true") == []


@pytest.mark.parametrize(
    ("instruction", "expected"),
    [
        ({"percent": 80}, {"progression"}),
        ({"percent": 0.5, "progression": {"rule": "percent", "increment": 1, "increment_unit": "kg"}}, {"percent"}),
        ({"percent": 151, "progression": {"rule": "percent", "increment": 1, "increment_unit": "kg"}}, {"percent"}),
        ({"progression": {"rule": "percent", "increment": 2.5, "increment_unit": "kg"}}, {"percent"}),
        ({"progression": {"rule": "percent"}}, {"progression/increment", "progression/increment_unit"}),
        ({"reps_max": 5, "progression": {**LINEAR, "rule": "double"}}, {"reps_max"}),
        ({"reps_max": None, "progression": {**LINEAR, "rule": "double"}}, {"reps_max"}),
        ({"sets": None, "progression": LINEAR}, {"sets"}),
        ({"reps_min": None, "reps_max": None, "progression": LINEAR}, {"reps_min"}),
        ({"progression": {"rule": "rpe"}}, {"rpe"}),
        ({"reps_min": None, "reps_max": None, "progression": {"rule": "rpe"}}, {"rpe", "reps_min"}),
        ({"progression": {**LINEAR, "increment": 0}}, {"progression/increment"}),
        ({"progression": {**LINEAR, "increment": "2.5"}}, {"progression/increment"}),
        ({"progression": {**LINEAR, "increment_unit": "st"}}, {"progression/increment_unit"}),
        ({"progression": {**LINEAR, "deload_percent": 51}}, {"progression/deload_percent"}),
        ({"progression": {**LINEAR, "deload_after": 0}}, {"progression/deload_after"}),
        ({"progression": {**LINEAR, "deload_after": 2.5}}, {"progression/deload_after"}),
        ({"progression": {**LINEAR, "a/b": 1}}, {"progression/a~1b"}),
        ({"progression": {"rule": "fixed", "increment": 2.5}}, {"progression/increment"}),
        ({"progression": {"rule": "lineal"}}, {"progression/rule"}),
        ({"progression": {"rule": ["linear"]}}, {"progression/rule"}),
        ({"progression": {}}, {"progression/rule"}),
        ({"progression": "linear"}, {"progression"}),
        ({"progression": [LINEAR]}, {"progression"}),
        ({"set_targets": []}, {"set_targets"}),
        ({"set_targets": [{}] * 101, "sets": None}, {"set_targets"}),
        ({"set_targets": [{}, {}]}, {"sets"}),
        ({"set_targets": [{"kind": "HARD"}], "sets": 1}, {"set_targets/0/kind"}),
        ({"set_targets": [{"reps_min": 5, "reps_max": 4}], "sets": 1}, {"set_targets/0/reps_max"}),
        ({"set_targets": [{"percent": 80}], "sets": 1}, {"progression"}),
        ({"set_targets": [{"weight": 80}], "sets": 1}, {"set_targets/0/weight"}),
        ({"set_targets": [{"rpe": 8.2}, 5], "sets": None}, {"set_targets/0/rpe", "set_targets/1"}),
    ],
    ids=lambda value: None if isinstance(value, set) else json.dumps(value)[:60],
)
async def test_a_rule_has_what_it_reckons_with(athlete: Person, instruction: dict[str, Any], expected: set[str]) -> None:
    asked = asks(**instruction)
    found = await refused(athlete, program(workouts=[workout("A", asks(), asked)], days=days("A")))
    assert found == {f"/workouts/0/instructions/1/{name}" for name in expected}
    body = {"workout_name": "W", "instructions": [asked]}
    found = pointers(problem(await athlete.post(f"{V1}/workouts", body), 422, "invalid"))
    assert found == {f"/instructions/0/{name}" for name in expected}


@pytest.mark.parametrize(
    "instruction",
    [
        {"progression": {"rule": "fixed"}},
        {"progression": LINEAR},
        {"reps_min": None, "reps_max": None, "duration_seconds": 30, "progression": LINEAR},
        {"sets": None, "set_targets": [{"kind": "WARMUP"}, {"kind": "AMRAP", "reps_min": 5}], "progression": LINEAR},
        {"reps_max": 8, "progression": {**LINEAR, "rule": "double"}},
        {"sets": None, "reps_min": None, "reps_max": None, "progression": {**LINEAR, "rule": "double"},
         "set_targets": [{"kind": "WARMUP", "reps_min": 5}, {"reps_min": 6, "reps_max": 8}]},
        {"percent": 75, "progression": {"rule": "percent", "increment": 2.5, "increment_unit": "lb"}},
        {"rpe": 8, "progression": {"rule": "rpe"}},
        {"sets": None, "set_targets": [{"rpe": 8}, {"rpe": 9}], "progression": {"rule": "rpe"}},
    ],
    ids=lambda value: json.dumps(value)[:60],
)  # fmt: skip
async def test_a_rule_that_has_it_is_taken(athlete: Person, instruction: dict[str, Any]) -> None:
    stored = ok(await athlete.post(PROGRAMS, program(workouts=[workout("A", asks(**instruction))], days=days("A"))), 201)
    (told,) = stored["workouts"][0]["instructions"]
    assert instruction["progression"].items() <= told["progression"].items()
    assert told["sets"] == (len(instruction["set_targets"]) if "set_targets" in instruction else 3)


@pytest.mark.parametrize("count", [1_101, 10_000])
async def test_a_program_has_at_most_1100_days(athlete: Person, count: int) -> None:
    assert await refused(athlete, program(days=days("ABC") * count)) == {"/days"}


async def test_a_program_has_at_most_60_workouts(athlete: Person) -> None:
    workouts = [workout(f"W{n}") for n in range(61)]
    planned = [{"workouts": [each["workout_key"]]} for each in workouts]
    assert await refused(athlete, program(workouts=workouts, days=planned)) == {"/workouts"}
    stored = ok(await athlete.post(PROGRAMS, program(workouts=workouts[:60], days=planned[:60])), 201)
    assert [each["workout_key"] for each in stored["workouts"]] == [each["workout_key"] for each in workouts[:60]]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400", "0e1000000", "9" * 400])
async def test_numbers_that_are_none_are_refused(athlete: Person, number: str) -> None:
    asked = asks(percent="@", progression={"rule": "percent", "increment": "@", "increment_unit": "kg"})
    text = json.dumps(program(workouts=[workout("A", asked)], days=days("A"))).replace('"@"', number)
    response = await athlete.call("POST", PROGRAMS, content=text.encode(), headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422), response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert await listed(athlete, mine="true") == []


@pytest.mark.parametrize("place", ["days", "workouts", "instructions", "set_targets", "progression"])
async def test_nested_garbage_is_refused_at_once(athlete: Person, place: str) -> None:
    deep: Any = "@"
    instruction = asks(**({place: deep} if place in ("set_targets", "progression") else {}))
    made = workout("A", instruction)
    made |= {place: deep} if place == "instructions" else {}
    body = program(workouts=[made], days=days("A"))
    body |= {place: deep} if place in ("days", "workouts") else {}
    for garbage in ("[" * 5000 + "]" * 5000, '{"a":' * 900 + "1" + "}" * 900, "[" + "{}," * 200_000 + "{}]"):
        text = json.dumps(body).replace('"@"', garbage)
        began = time.perf_counter()
        response = await athlete.call("POST", PROGRAMS, content=text.encode(), headers={"Content-Type": "application/json"})
        assert response.status_code in (400, 422), response.text[:300]
        assert len(response.json().get("errors", [])) <= MAX_ERRORS
        assert time.perf_counter() - began < 30
    assert await listed(athlete, mine="true") == []


async def test_an_id_of_another_kind_of_row_is_no_program(athlete: Person) -> None:
    own = ok(await athlete.post(f"{V1}/workouts", {"workout_name": "W", "instructions": [asks(BENCH)]}), 201)["id"]
    problem(await athlete.get(f"{PROGRAMS}/{own}"), 404, "not-found")
    problem(await athlete.get(f"{PROGRAMS}/{SQUAT}"), 404, "not-found")
    problem(await athlete.post(f"{PROGRAMS}/{own}/copy"), 404, "not-found")
    in_program = ok(await athlete.post(PROGRAMS, program()), 201)["workouts"][0]["workout_id"]
    uses = [{"workout_key": "A", "workout_id": in_program}]
    assert await refused(athlete, program(workouts=uses, days=days("A"))) == {"/workouts/0/workout_id"}
