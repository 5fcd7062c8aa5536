"""Logging sets: what is taken, what is kept as entered, what is left to us, and what is answered."""

from decimal import Decimal
from typing import Any

import pytest
from training_world import (
    ASSISTED,
    BENCH,
    FULL_BODY,
    FULL_BODY_BENCH,
    FULL_BODY_SQUAT,
    PLANK,
    PULL_UP,
    RUN,
    SQUAT,
    a_set,
    in_status,
    log,
    new_id,
    ok,
    read,
    record,
    start,
)

from helpers import Person, pointers, problem


async def test_one_set_by_instruction(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    entered = a_set(
        exercise_instruction_id=FULL_BODY_SQUAT, rpe=8.5, completed_at="2026-02-03T17:00:00.123456Z", notes="deep\nand slow"
    )
    logged = await log(athlete, session, entered)
    kept = logged["sets"][0]
    assert {name: kept[name] for name in entered.keys() - {"exercise_instruction_id"}} == {
        name: entered[name] for name in entered.keys() - {"exercise_instruction_id"}
    }
    assert (kept["set_number"], kept["kind"], kept["load"], kept["version"]) == (1, "WORKING", "EXTERNAL", 1)
    assert kept["created_by"] == athlete.user_id
    performance = logged["performances"][0]
    assert performance["exercise_name"]
    assert performance["previous_performance"] is None
    assert (performance["sets_completed"], performance["reps_completed"], performance["weight_used_kg"]) == (1, 5, 100)
    stored = (await read(athlete, session))["performances"][0]
    assert {name: stored["sets"][0][name] for name in kept.keys() - {"completed_at", "created_at", "updated_at"}} == {
        name: kept[name] for name in kept.keys() - {"completed_at", "created_at", "updated_at"}
    }


@pytest.mark.parametrize("status", ["PLANNED", "SKIPPED", "CANCELLED"])
async def test_sets_are_not_logged_before_or_instead(athlete: Person, status: str) -> None:
    session = await in_status(athlete, status)
    path = f"sessions/{session['id']}"
    performance = f"{path}/performances/{FULL_BODY_SQUAT}"
    for response in (
        await athlete.post(f"{path}/sets", a_set()),
        await athlete.put(performance, {"sets": [a_set(None)]}),
        await athlete.put(performance, {"sets_completed": 3}),
        await athlete.patch(performance, {"difficulty_rating": 3}),
    ):
        refusal = problem(response, 409, "verb-not-allowed")
        assert refusal["session_status"] == status
        assert set(refusal["verbs"]) == set(session["verbs"])
    assert (await read(athlete, session))["performances"] == []


async def test_a_set_of_a_cancelled_session_stays_as_it_is(athlete: Person) -> None:
    session = await start(athlete)
    logged = (await log(athlete, session, a_set()))["sets"][0]
    ok(await athlete.post(f"sessions/{session['id']}/cancel"))
    path = f"sessions/{session['id']}/sets/{logged['id']}"
    problem(await athlete.patch(path, {"reps": 3}), 409, "verb-not-allowed")
    problem(await athlete.delete(path), 409, "verb-not-allowed")


async def test_two_hundred_at_once(athlete: Person) -> None:
    session = await start(athlete)
    sets = [a_set(BENCH if n % 2 else SQUAT, reps=n % 20 + 1) for n in range(200)]
    logged = await log(athlete, session, *sets)
    assert [s["id"] for s in logged["sets"]] == [s["id"] for s in sets]
    assert [s["set_number"] for s in logged["sets"]] == [n // 2 + 1 for n in range(200)]
    assert {p["sets_completed"] for p in logged["performances"]} == {100}
    assert sum(p["reps_completed"] for p in logged["performances"]) == sum(s["reps"] for s in sets)
    for count in (0, 201):
        refused = await athlete.post(f"sessions/{session['id']}/sets", [a_set() for _ in range(count)])
        assert pointers(problem(refused, 422, "invalid")) == {""}


async def test_a_list_of_one_is_a_list(athlete: Person) -> None:
    session = await start(athlete)
    path = f"sessions/{session['id']}/sets"
    assert len(ok(await athlete.post(path, [a_set()]), 201)["sets"]) == 1
    assert pointers(problem(await athlete.post(path, [a_set(new_id())]), 422, "invalid")) == {"/0/exercise_id"}
    assert pointers(problem(await athlete.post(path, a_set(new_id())), 422, "invalid")) == {"/exercise_id"}
    unknown = {"exercise_instruction_id": FULL_BODY_SQUAT}
    assert pointers(problem(await athlete.post(path, a_set(**unknown)), 422, "invalid")) == {"/exercise_instruction_id"}
    several = [a_set(), a_set(**unknown), a_set(new_id())]
    wrong = {"/1/exercise_instruction_id", "/2/exercise_id"}
    assert pointers(problem(await athlete.post(path, several), 422, "invalid")) == wrong
    taken = a_set()
    assert pointers(problem(await athlete.post(path, [taken, a_set(), taken]), 422, "invalid")) == {"/2/id"}


@pytest.mark.parametrize(
    ("weight", "unit", "kg"),
    [
        (225, "lb", 102.05828325),
        (102.058283, "kg", 102.058283),
        (0, "kg", 0),
        (2.5, "lb", 1.133980925),
        (1234.567891, "lb", 1234.567891 * 0.45359237),
        (2000, "kg", 2000),
        (0.000001, "kg", 0.000001),
    ],
)
async def test_weights_are_kept_as_entered(athlete: Person, weight: float, unit: str, kg: float) -> None:
    session = await start(athlete)
    body = a_set(weight=weight, weight_unit=unit)
    first = await log(athlete, session, body)
    again = await log(athlete, session, body)
    for found in (first["sets"][0], again["sets"][0], (await read(athlete, session))["performances"][0]["sets"][0]):
        assert (found["weight"], found["weight_unit"]) == (weight, unit)
        assert found["weight_kg"] == pytest.approx(kg, abs=1e-9)
    assert first["sets"][0]["weight_kg"] == again["sets"][0]["weight_kg"]


async def test_every_digit_is_kept(athlete: Person) -> None:
    """Floats hold 15 digits for certain; nothing of ours goes through one, the first time or again."""
    session = await start(athlete)
    body = a_set(weight=1999.123457, weight_unit="lb", distance_m=999999.999)
    weight_kg = Decimal("1999.123457") * Decimal("0.45359237")
    assert len(str(weight_kg)) > 17
    for _ in range(2):
        response = await athlete.post(f"sessions/{session['id']}/sets", body)
        assert response.status_code == 201
        for text in ('"weight":1999.123457,', f'"weight_kg":{weight_kg},', '"distance_m":999999.999,'):
            assert text in response.text


@pytest.mark.parametrize(
    ("exercise", "fields", "load"),
    [
        (BENCH, {}, "EXTERNAL"),
        (PULL_UP, {"weight": ..., "weight_unit": ...}, "BODYWEIGHT"),
        (PULL_UP, {"weight": 0}, "BODYWEIGHT"),
        (PULL_UP, {"weight": 10}, "ADDED"),
        (PULL_UP, {"weight": 20, "load": "ASSISTED"}, "ASSISTED"),
        (ASSISTED, {"weight": 20}, "ASSISTED"),
        (ASSISTED, {"weight": ..., "weight_unit": ...}, "ASSISTED"),
        (PLANK, {"reps": ..., "duration_seconds": 60, "weight": ..., "weight_unit": ...}, "BODYWEIGHT"),
        (RUN, {"reps": ..., "duration_seconds": 1800, "distance_m": 5000.5, "weight": ..., "weight_unit": ...}, "BODYWEIGHT"),
    ],
)
async def test_what_a_weight_means(athlete: Person, exercise: str, fields: dict[str, Any], load: str) -> None:
    session = await start(athlete)
    assert (await log(athlete, session, a_set(exercise, **fields)))["sets"][0]["load"] == load


async def test_a_correction_keeps_what_was_said_of_the_load(athlete: Person) -> None:
    session = await start(athlete)
    said, left = (await log(athlete, session, a_set(PULL_UP, weight=20, load="ASSISTED"), a_set(PULL_UP, weight=20)))["sets"]
    path = f"sessions/{session['id']}/sets"
    assert ok(await athlete.patch(f"{path}/{said['id']}", {"weight": 15}))["sets"][0]["load"] == "ASSISTED"
    assert ok(await athlete.patch(f"{path}/{left['id']}", {"weight": 15}))["sets"][0]["load"] == "ADDED"
    cleared = ok(await athlete.patch(f"{path}/{left['id']}", {"weight": None}))["sets"][0]
    assert (cleared["load"], cleared["weight"], cleared["weight_unit"], cleared["weight_kg"]) == ("BODYWEIGHT", None, None, None)


async def test_set_numbers(athlete: Person) -> None:
    session = await start(athlete)
    logged = await log(athlete, session, a_set(), a_set(set_number=7), a_set(), a_set(SQUAT), a_set(set_number=2))
    assert [s["set_number"] for s in logged["sets"]] == [1, 7, 8, 1, 2]
    assert (await log(athlete, session, a_set()))["sets"][0]["set_number"] == 9
    ninth = (await read(athlete, session))["performances"][0]["sets"][-1]
    await athlete.delete(f"sessions/{session['id']}/sets/{ninth['id']}")
    assert (await log(athlete, session, a_set()))["sets"][0]["set_number"] == 9
    in_order = [s["set_number"] for s in (await read(athlete, session))["performances"][0]["sets"]]
    assert in_order == [1, 2, 7, 8, 9]


GOOD = {"reps": 5, "weight": 100, "weight_unit": "kg", "exercise_id": BENCH}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"reps": ...}, {"/reps"}),
        ({"reps": -1}, {"/reps"}),
        ({"reps": 1001}, {"/reps"}),
        ({"reps": 5.5}, {"/reps"}),
        ({"weight": 2000.1}, {"/weight"}),
        ({"weight": -0.1}, {"/weight"}),
        ({"weight": 1.0000001}, {"/weight"}),
        ({"weight_unit": ...}, {"/weight_unit"}),
        ({"weight": ...}, {"/weight_unit"}),
        ({"weight_unit": "st"}, {"/weight_unit"}),
        ({"rpe": 0.5}, {"/rpe"}),
        ({"rpe": 7.3}, {"/rpe"}),
        ({"rpe": 10.5}, {"/rpe"}),
        ({"duration_seconds": 0}, {"/duration_seconds"}),
        ({"duration_seconds": 32768}, {"/duration_seconds"}),
        ({"distance_m": 0}, {"/distance_m"}),
        ({"distance_m": 1000001}, {"/distance_m"}),
        ({"distance_m": 1.0001}, {"/distance_m"}),
        ({"set_number": 0}, {"/set_number"}),
        ({"set_number": 1001}, {"/set_number"}),
        ({"kind": "HARD"}, {"/kind"}),
        ({"load": None, "kind": None}, {"/kind"}),
        ({"notes": "x" * 1001}, {"/notes"}),
        ({"notes": "\x00"}, {"/notes"}),
        ({"completed_at": "2026-02-03T17:00:00"}, {"/completed_at"}),
        ({"completed_at": "1969-12-31T00:00:00Z"}, {"/completed_at"}),
        ({"exercise_id": ...}, {"/exercise_instruction_id"}),
        ({"exercise_instruction_id": FULL_BODY_BENCH}, {"/exercise_instruction_id"}),
        ({"id": "1"}, {"/id"}),
        ({"user_id": new_id(), "created_by": new_id()}, {"/user_id", "/created_by"}),
        ({"reps": -1, "rpe": 11, "extra": 1}, {"/reps", "/rpe", "/extra"}),
    ],
)
async def test_what_is_no_set(athlete: Person, fields: dict[str, Any], wrong: set[str]) -> None:
    session = await start(athlete)
    body = {name: value for name, value in {**GOOD, **fields}.items() if value is not ...}
    assert pointers(problem(await athlete.post(f"sessions/{session['id']}/sets", body), 422, "invalid")) == wrong
    in_list = problem(await athlete.post(f"sessions/{session['id']}/sets", [GOOD, body]), 422, "invalid")
    assert pointers(in_list) == {f"/1{pointer}" for pointer in wrong}
    assert (await read(athlete, session))["performances"] == []


@pytest.mark.parametrize("fields", [{"reps": 0}, {"reps": 1000}, {"rpe": 1}, {"rpe": 10}, {"notes": "x" * 1000}, {"notes": ""}])
async def test_what_is_just_a_set(athlete: Person, fields: dict[str, Any]) -> None:
    session = await start(athlete)
    kept = (await log(athlete, session, a_set(**fields)))["sets"][0]
    assert {name: kept[name] for name in fields} == fields


async def test_a_correction_of_a_completed_session(athlete: Person) -> None:
    session = await record(athlete, performances=[{"exercise_id": BENCH, "sets": [a_set(None), a_set(None)]}])
    first = session["performances"][0]["sets"][0]
    path = f"sessions/{session['id']}/sets/{first['id']}"
    corrected = await athlete.patch(path, {"reps": 8, "kind": "AMRAP"}, headers={"If-Match": '"1"'})
    assert corrected.headers["etag"] == '"2"'
    assert ok(corrected)["performances"][0]["reps_completed"] == 13
    stale = problem(await athlete.patch(path, {"reps": 9}, headers={"If-Match": '"1"'}), 412, "precondition-failed")
    assert (stale["current"]["reps"], stale["current"]["version"]) == (8, 2)
    assert stale["current"].keys() == ok(corrected)["sets"][0].keys()
    problem(await athlete.delete(path, headers={"If-Match": '"1"'}), 412, "precondition-failed")
    assert (await athlete.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    problem(await athlete.delete(path), 404, "not-found")
    problem(await athlete.patch(path, {"reps": 1}), 404, "not-found")
    assert (await read(athlete, session))["performances"][0]["sets_completed"] == 1
    assert len((await log(athlete, session, a_set()))["sets"]) == 1


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"reps": None}, {"/reps"}),
        ({"weight_unit": None}, {"/weight_unit"}),
        ({"weight": None, "weight_unit": "kg"}, {"/weight"}),
        ({"kind": None}, {"/kind"}),
        ({"set_number": None}, {"/set_number"}),
        ({"id": new_id()}, {"/id"}),
        ({"exercise_id": SQUAT}, {"/exercise_id"}),
        ({"reps": 1001, "rpe": 11}, {"/reps", "/rpe"}),
    ],
)
async def test_what_is_no_correction(athlete: Person, change: dict[str, Any], wrong: set[str]) -> None:
    session = await start(athlete)
    logged = (await log(athlete, session, a_set()))["sets"][0]
    response = await athlete.patch(f"sessions/{session['id']}/sets/{logged['id']}", change)
    assert pointers(problem(response, 422, "invalid")) == wrong
