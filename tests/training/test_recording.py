"""Sessions planned from a workout, built while training, and recorded whole."""

import json
from typing import Any

import pytest
from training_world import (
    BENCH,
    DEADLIFT,
    FULL_BODY,
    FULL_BODY_BENCH,
    FULL_BODY_SQUAT,
    PLANK,
    PULL_UP,
    SQUAT,
    a_set,
    at,
    instruction_of,
    log,
    new_id,
    ok,
    plan,
    read,
    record,
    start,
)

from helpers import Person, pointers, problem
from reptrail.catalog import builtin


async def test_a_built_in_workout_prescribes(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    workout = builtin.workouts()[0]
    assert (session["workout_id"], session["workout_name"], session["workout_revision"]) == (FULL_BODY, workout.name, 1)
    assert session["own_workout_id"] is None
    asked = [(p["exercise_id"], p["sets"], p["reps_min"], p["rest_seconds"], p["position"]) for p in session["prescriptions"]]
    assert asked == [
        (str(builtin.builtin_id("exercise", i.exercise_slug)), i.sets, i.reps_min, i.rest_seconds, place)
        for place, i in enumerate(workout.instructions, start=1)
    ]
    assert [p["id"] for p in session["prescriptions"]][:2] == [FULL_BODY_SQUAT, FULL_BODY_BENCH]
    assert session["performances"] == []
    assert not any(p["is_own"] for p in session["prescriptions"])


async def test_started_from_nothing(athlete: Person) -> None:
    session = await start(athlete, workout_name="Lunch")
    assert (session["workout_name"], session["prescriptions"], session["performances"]) == ("Lunch", [], [])
    assert session["own_workout_id"] == session["workout_id"]
    await log(athlete, session, a_set(SQUAT), a_set(BENCH), a_set(SQUAT))
    grown = await read(athlete, session)
    assert [p["exercise_id"] for p in grown["prescriptions"]] == [SQUAT, BENCH]
    assert [p["position"] for p in grown["prescriptions"]] == [1, 2]
    assert [(p["exercise_name"], p["sets_completed"]) for p in grown["performances"]] == [
        (builtin.exercises_by_slug()["squat-barbell"].name, 2),
        (builtin.exercises_by_slug()["bench-press-barbell"].name, 1),
    ]


async def test_what_the_plan_names_comes_before_what_was_added(athlete: Person) -> None:
    session = await start(athlete, workout_id=FULL_BODY)
    added = ok(
        await athlete.post(
            f"sessions/{session['id']}/exercises",
            [{"exercise_id": DEADLIFT, "group_number": 1}, {"exercise_id": SQUAT, "group_number": 1, "sets": 2}],
        ),
        201,
    )
    own = [p for p in added["prescriptions"] if p["is_own"]]
    assert [(p["exercise_id"], p["position"], p["group_number"], p["sets"]) for p in own] == [
        (DEADLIFT, 1, 1, None),
        (SQUAT, 2, 1, 2),
    ]
    assert added["own_workout_id"] not in (None, FULL_BODY)
    # By exercise, the plan's squat is meant, though the added one stands in an earlier place of its own workout.
    logged = await log(athlete, session, a_set(SQUAT))
    assert logged["performances"][0]["exercise_instruction_id"] == FULL_BODY_SQUAT
    logged = await log(athlete, session, a_set(exercise_instruction_id=own[1]["id"]))
    assert logged["performances"][0]["exercise_instruction_id"] == own[1]["id"]
    assert [p["exercise_instruction_id"] for p in (await read(athlete, session))["performances"]] == [FULL_BODY_SQUAT, own[1]["id"]]


async def test_exercises_added_again_by_their_ids(athlete: Person, stranger: Person) -> None:
    session = await start(athlete)
    path = f"sessions/{session['id']}/exercises"
    body = {"id": new_id(), "exercise_id": SQUAT}
    first = ok(await athlete.post(path, body), 201)
    assert ok(await athlete.post(path, body), 201)["prescriptions"] == first["prescriptions"]
    assert pointers(problem(await athlete.post(path, {**body, "exercise_id": BENCH}), 409, "id-taken")) == {"/id"}
    both = [{"exercise_id": BENCH}, body | {"exercise_id": BENCH}]
    assert pointers(problem(await athlete.post(path, both), 409, "id-taken")) == {"/1/id"}
    assert pointers(problem(await athlete.post(path, [body, body]), 422, "invalid")) == {"/1/id"}
    unknown = [{"exercise_id": BENCH}, {"exercise_id": new_id()}]
    assert pointers(problem(await athlete.post(path, unknown), 422, "invalid")) == {"/1/exercise_id"}
    assert pointers(problem(await athlete.post(path, {"exercise_id": new_id()}), 422, "invalid")) == {"/exercise_id"}
    theirs = await start(stranger)
    problem(await stranger.post(f"sessions/{theirs['id']}/exercises", body), 409, "id-taken")
    assert (await read(athlete, session))["prescriptions"] == first["prescriptions"]


async def test_a_past_session_whole(athlete: Person) -> None:
    session = await record(
        athlete,
        "2026-03-02T18:00:00+01:00",
        workout_id=FULL_BODY,
        completed_at="2026-03-02T19:05:00+01:00",
        paused_seconds=300,
        effort_rating=7,
        performances=[
            {
                "exercise_instruction_id": FULL_BODY_SQUAT,
                "difficulty_rating": 6,
                "sets": [a_set(None, kind="WARMUP", weight=60), a_set(None), a_set(None, reps=4)],
            },
            {"exercise_id": PULL_UP, "group_number": 2, "sets": [a_set(None, reps=8, weight=..., weight_unit=...)]},
            {"exercise_id": DEADLIFT, "group_number": 2, "sets": [a_set(None, weight=140)]},
            {"exercise_id": DEADLIFT, "sets": [a_set(None, weight=150, reps=1)], "performance_notes": "heavy"},
            {"exercise_id": PLANK, "sets_completed": 3, "duration_seconds": 150},
            {"exercise_instruction_id": FULL_BODY_BENCH},
        ],
    )
    assert at(session["started_at"]) == at("2026-03-02T17:00:00Z")
    assert session["actual_duration_seconds"] == 3600
    told = [
        (p["exercise_id"], p["group_number"], p["sets_completed"], p["reps_completed"], p["weight_used_kg"], p["duration_seconds"])
        for p in session["performances"]
    ]
    assert told == [
        (SQUAT, None, 2, 9, 100, None),
        (BENCH, None, 0, None, None, None),
        (PULL_UP, 2, 1, 8, None, None),
        (DEADLIFT, 2, 1, 5, 140, None),
        (DEADLIFT, None, 1, 1, 150, None),
        (PLANK, None, 3, None, None, 150),
    ]
    squat = session["performances"][0]
    assert squat["difficulty_rating"] == 6
    assert [(s["set_number"], s["kind"]) for s in squat["sets"]] == [(1, "WARMUP"), (2, "WORKING"), (3, "WORKING")]
    assert session["performances"][4]["performance_notes"] == "heavy"
    assert await read(athlete, session) == session


async def test_every_wrong_field_of_a_nested_session_is_named(athlete: Person) -> None:
    def performances(*items: dict[str, Any]) -> dict[str, Any]:
        return {"session_status": "COMPLETED", "started_at": "2026-03-02T18:00:00Z", "performances": list(items)}

    taken = a_set(None)
    await record(athlete, performances=[{"exercise_id": BENCH, "sets": [taken]}])
    good = {"exercise_id": BENCH, "sets": [a_set(None)]}
    for body, status, slug, wrong in [
        (performances(good, {"exercise_id": new_id()}), 422, "invalid", "/performances/1/exercise_id"),
        (performances(good, {"exercise_instruction_id": new_id()}), 422, "invalid", "/performances/1/exercise_instruction_id"),
        (performances({"exercise_instruction_id": FULL_BODY_SQUAT}), 422, "invalid", "/performances/0/exercise_instruction_id"),
        (performances(good, {}), 422, "invalid", "/performances/1/exercise_instruction_id"),
        (
            performances(good, {**good, "sets": [a_set(None), a_set(None, reps=1001)]}),
            422,
            "invalid",
            "/performances/1/sets/1/reps",
        ),
        (performances({**good, "sets": [a_set(None), {**taken, "reps": 9}]}), 409, "id-taken", "/performances/0/sets/1/id"),
        (performances(good, good), 422, "invalid", "/performances/1/sets/0/id"),
        (performances({**good, "reps_completed": 5}), 409, "not-editable", "/performances/0/reps_completed"),
    ]:
        assert pointers(problem(await athlete.post("sessions", body), status, slug)) == {wrong}
    assert len(ok(await athlete.get("sessions"))["items"]) == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"started_at": ...}, {"/started_at"}),
        ({"started_at": "2099-01-01T00:00:00Z"}, {"/started_at", "/completed_at"}),
        ({"completed_at": "2026-03-01T00:00:00Z"}, {"/completed_at"}),
        ({"completed_at": "2026-03-03T03:06:08Z"}, {"/completed_at"}),
        ({"workout_id": new_id()}, {"/workout_id"}),
        ({"workout_id": FULL_BODY, "workout_revision": 99}, {"/workout_id"}),
        ({"workout_revision": 1}, {"/workout_revision"}),
        ({"workout_id": FULL_BODY, "workout_name": "x"}, {"/workout_name"}),
        ({"program_enrollment_id": new_id()}, {"/program_enrollment_id"}),
        ({"session_status": "SKIPPED"}, {"/session_status"} | {"/started_at"}),
        ({"effort_rating": 0, "soreness_rating": 11}, {"/effort_rating", "/soreness_rating"}),
        ({"user_id": new_id()}, {"/user_id"}),
        ({"created_by": new_id()}, {"/created_by"}),
    ],
)
async def test_what_is_no_past_session(athlete: Person, fields: dict[str, Any], wrong: set[str]) -> None:
    body = {"session_status": "COMPLETED", "started_at": "2026-03-02T18:00:00Z", **fields}
    body = {name: value for name, value in body.items() if value is not ...}
    assert pointers(problem(await athlete.post("sessions", body), 422, "invalid")) == wrong


async def test_a_duration_without_an_end(athlete: Person) -> None:
    session = await record(athlete, "2026-03-02T18:00:00Z", actual_duration_seconds=3600, paused_seconds=60)
    assert at(session["completed_at"]) == at("2026-03-02T19:01:00Z")
    assert session["actual_duration_seconds"] == 3600
    session = ok(await athlete.post("sessions", {"session_status": "COMPLETED", "completed_at": "2026-03-02T18:00:00Z"}), 201)
    assert (session["started_at"], session["actual_duration_seconds"]) == (None, None)


async def test_the_last_time_across_workouts(athlete: Person) -> None:
    """Of an exercise, whatever workout asked for it: the newest completed session before this one."""
    for day, weight in (("01", 80), ("05", 90), ("03", 85)):
        await record(
            athlete, f"2026-03-{day}T10:00:00Z", performances=[{"exercise_id": SQUAT, "sets": [a_set(None, weight=weight)]}]
        )
    session = await record(
        athlete, "2026-03-10T10:00:00Z", performances=[{"exercise_id": SQUAT, "sets": [a_set(None, kind="WARMUP", weight=200)]}]
    )
    await plan(athlete)
    cancelled = await start(athlete, started_at="2026-03-09T10:00:00Z")
    await log(athlete, cancelled, a_set(SQUAT, weight=300))
    ok(await athlete.post(f"sessions/{cancelled['id']}/cancel"))
    session = await start(athlete, workout_id=FULL_BODY)
    before = session["prescriptions"][0]["previous_performance"]
    assert (before["weight_used_kg"], before["sets"][0]["weight"], before["sets"][0]["weight_unit"]) == (90, 90, "kg")
    assert at(before["performed_at"]) == at("2026-03-05T10:00:00Z")
    logged = await log(athlete, session, a_set(SQUAT))
    assert logged["performances"][0]["previous_performance"] == before
    late = await record(athlete, "2026-03-04T10:00:00Z", workout_id=FULL_BODY)
    assert late["prescriptions"][0]["previous_performance"]["weight_used_kg"] == 85
    assert instruction_of(late, SQUAT) == FULL_BODY_SQUAT


async def test_of_an_exercise_that_came_twice_the_heavier_is_shown(athlete: Person) -> None:
    performances = [{"exercise_id": SQUAT, "sets": [a_set(None, weight=weight)]} for weight in (100, 140, 60)]
    past = await record(athlete, performances=performances)
    session = await start(athlete, workout_id=FULL_BODY)
    before = session["prescriptions"][0]["previous_performance"]
    assert (before["weight_used_kg"], before["user_workout_session_id"]) == (140, past["id"])


async def test_the_answer_holds_what_is_documented_and_no_more(athlete: Person) -> None:
    from reptrail.http.bodies import _hints
    from reptrail.training.wire import PerformanceOut, SessionOut, SetOut

    session = await record(athlete, performances=[{"exercise_id": SQUAT, "sets": [a_set(None)]}])
    for found in (session, ok(await athlete.get("sessions"))["items"][0]):
        assert found.keys() <= _hints(SessionOut).keys()
        assert found["performances"][0].keys() <= _hints(PerformanceOut).keys()
        assert found["performances"][0]["sets"][0].keys() <= _hints(SetOut).keys()
    assert json.dumps(session["verbs"]) == "[]"
