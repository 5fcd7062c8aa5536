"""Performances: the summary of their sets, or written alone."""

from typing import Any

import pytest
from training_world import BENCH, FULL_BODY, FULL_BODY_BENCH, FULL_BODY_SQUAT, SQUAT, a_set, log, new_id, ok, read, start

from helpers import Person, pointers, problem


def place(session: dict[str, Any], instruction: str = FULL_BODY_SQUAT) -> str:
    return f"sessions/{session['id']}/performances/{instruction}"


async def test_a_summary_alone(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    written = await athlete.put(
        place(session), {"sets_completed": 3, "reps_completed": 15, "weight_used_kg": 102.058283, "difficulty_rating": 7}
    )
    performance = ok(written)["performances"][0]
    assert written.headers["etag"] == f'"{performance["version"]}"'
    assert [performance[n] for n in ("sets_completed", "reps_completed", "weight_used_kg", "duration_seconds")] == [
        3,
        15,
        102.058283,
        None,
    ]
    patched = await athlete.patch(place(session), {"reps_completed": 14}, headers={"If-Match": written.headers["etag"]})
    assert (ok(patched)["reps_completed"], ok(patched)["difficulty_rating"]) == (14, 7)
    for method, body in (("PATCH", {"reps_completed": 1}), ("PUT", {"reps_completed": 1}), ("PUT", {"sets": []})):
        stale = await athlete.call(method, place(session), body, headers={"If-Match": written.headers["etag"]})
        assert problem(stale, 412, "precondition-failed")["current"]["reps_completed"] == 14
    assert (await read(athlete, session))["performances"][0]["reps_completed"] == 14


async def test_where_there_are_sets_they_say_it(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    await log(athlete, session, a_set(SQUAT))
    for method in ("PATCH", "PUT"):
        body = {"sets_completed": 9, "reps_completed": 1, "weight_used_kg": 1, "duration_seconds": 1, "difficulty_rating": 9}
        refusal = problem(await athlete.call(method, place(session), body), 409, "not-editable")
        assert pointers(refusal) == {f"/{name}" for name in body if name != "difficulty_rating"}
        rated = ok(await athlete.call(method, place(session), {"difficulty_rating": 4, "performance_notes": "left knee"}))
        rated = rated if method == "PATCH" else rated["performances"][0]
        assert (rated["difficulty_rating"], rated["performance_notes"], rated["reps_completed"]) == (4, "left knee", 5)
    await log(athlete, session, a_set(SQUAT))
    kept = (await read(athlete, session))["performances"][0]
    assert (kept["difficulty_rating"], kept["performance_notes"], kept["reps_completed"]) == (4, "left knee", 10)


async def test_put_replaces_the_sets(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    a, b, c = (a_set(None, reps=reps) for reps in (5, 6, 7))
    first = ok(await athlete.put(place(session), {"sets": [a, b]}))
    assert [s["set_number"] for s in first["sets"]] == [1, 2]
    assert (first["performances"][0]["sets_completed"], first["performances"][0]["reps_completed"]) == (2, 11)
    edited = {**b, "reps": 10, "rpe": 9, "notes": "more"}
    second = await athlete.put(place(session), {"sets": [edited, c], "difficulty_rating": 8})
    assert [(s["id"], s["reps"], s["rpe"], s["version"]) for s in ok(second)["sets"]] == [
        (b["id"], 10, 9, 2),
        (c["id"], 7, None, 1),
    ]
    performance = ok(second)["performances"][0]
    assert (performance["sets_completed"], performance["reps_completed"], performance["difficulty_rating"]) == (2, 17, 8)
    assert second.headers["etag"] == f'"{performance["version"]}"'
    again = ok(await athlete.put(place(session), {"sets": [edited, c]}))
    assert again["performances"][0]["version"] == performance["version"]
    stored = (await read(athlete, session))["performances"][0]
    assert [s["id"] for s in stored["sets"]] == [b["id"], c["id"]]
    assert stored["reps_completed"] == 17
    refusal = problem(await athlete.put(place(session), {"sets": [c, a]}), 409, "id-taken")
    assert pointers(refusal) == {"/sets/1/id"}
    only = ok(await athlete.put(place(session), {"sets": [b]}))
    assert (only["sets"][0]["reps"], only["sets"][0]["notes"], only["performances"][0]["reps_completed"]) == (6, None, 6)
    emptied = ok(await athlete.put(place(session), {"sets": []}))["performances"][0]
    assert (emptied["sets_completed"], emptied["reps_completed"], emptied["weight_used_kg"]) == (0, None, None)
    assert ok(await athlete.put(place(session), {"sets": [], "reps_completed": 3}))["performances"][0]["reps_completed"] == 3


async def test_put_of_nothing_where_nothing_is(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    assert ok(await athlete.put(place(session), {"sets": []}))["performances"][0]["sets_completed"] == 0
    for method in ("PUT", "PATCH"):
        for path in (place(session, new_id()), place({"id": new_id()})):
            problem(await athlete.call(method, path, {"sets_completed": 1}), 404, "not-found")
    problem(await athlete.put(place({"id": new_id()}), {"sets": []}), 404, "not-found")
    problem(await athlete.put(place(session, new_id()), {"sets": []}), 404, "not-found")
    refusal = problem(await athlete.put(place(session, new_id()), {"sets": [a_set(None)]}), 422, "invalid")
    assert pointers(refusal) == {"/sets/0/exercise_instruction_id"}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"difficulty_rating": 0}, {"/difficulty_rating"}),
        ({"difficulty_rating": 11}, {"/difficulty_rating"}),
        ({"performance_notes": "x" * 1001}, {"/performance_notes"}),
        ({"sets_completed": -1}, {"/sets_completed"}),
        ({"sets_completed": 32768}, {"/sets_completed"}),
        ({"sets_completed": None}, {"/sets_completed"}),
        ({"reps_completed": 32768}, {"/reps_completed"}),
        ({"weight_used_kg": 0}, {"/weight_used_kg"}),
        ({"weight_used_kg": 5001}, {"/weight_used_kg"}),
        ({"duration_seconds": 32768}, {"/duration_seconds"}),
        ({"exercise_id": BENCH}, {"/exercise_id"}),
    ],
)
async def test_what_is_no_summary(athlete: Person, body: dict[str, Any], wrong: set[str]) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    for method in ("PUT", "PATCH"):
        assert pointers(problem(await athlete.call(method, place(session), body), 422, "invalid")) == wrong


@pytest.mark.parametrize("rating", range(1, 11))
async def test_ratings_from_1_to_10(athlete: Person, rating: int) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    assert ok(await athlete.patch(place(session), {"difficulty_rating": rating}))["difficulty_rating"] == rating
    assert ok(await athlete.patch(f"sessions/{session['id']}", {"effort_rating": rating}))["effort_rating"] == rating


async def test_more_than_a_performance_holds(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    full = [a_set(FULL_BODY and SQUAT, reps=1000) for _ in range(32)]
    logged = await log(athlete, session, *full)
    before = logged["performances"][0]
    assert before["reps_completed"] == 32000
    path = f"sessions/{session['id']}/sets"
    too_much = "summary-out-of-range"
    problem(await athlete.post(path, a_set(SQUAT, reps=768)), 422, too_much)
    problem(await athlete.post(path, [a_set(SQUAT, duration_seconds=20000), a_set(SQUAT, duration_seconds=20000)]), 422, too_much)
    assert (await log(athlete, session, a_set(SQUAT, reps=767)))["performances"][0]["reps_completed"] == 32767
    last = (await read(athlete, session))["performances"][0]["sets"][-1]
    refusal = problem(await athlete.patch(f"{path}/{last['id']}", {"reps": 768}), 422, too_much)
    assert "32767" in refusal["detail"]
    problem(await athlete.put(place(session), {"sets": [a_set(None, reps=1000) for _ in range(33)]}), 422, too_much)
    whole = {"exercise_id": BENCH, "sets": [a_set(None, reps=1000) for _ in range(33)]}
    body = {"session_status": "COMPLETED", "started_at": "2026-01-01T10:00:00Z", "performances": [whole]}
    problem(await athlete.post("sessions", body), 422, too_much)
    warm_up = await log(athlete, session, a_set(SQUAT, kind="WARMUP", reps=1000))
    assert warm_up["performances"][0]["reps_completed"] == 32767


async def test_a_summary_that_sets_replace_does_not_count_with_them(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    ok(await athlete.put(place(session, FULL_BODY_BENCH), {"sets_completed": 3, "reps_completed": 32767}))
    logged = await log(athlete, session, a_set(BENCH))
    assert (logged["performances"][0]["sets_completed"], logged["performances"][0]["reps_completed"]) == (1, 5)


async def test_set_numbers_run_out(athlete: Person, services: Any) -> None:
    """A number is one more than the last; past SMALLINT it is refused, not a failure of the driver."""
    session = await start(athlete)
    await log(athlete, session, a_set(set_number=1000))
    async with services.database.act_as_system(athlete.user_id, new_id()) as tx:
        await tx.execute("UPDATE user_set_performance SET set_number = 32767 WHERE user_id = $1", tx.athlete)
    problem(await athlete.post(f"sessions/{session['id']}/sets", a_set()), 422, "summary-out-of-range")
