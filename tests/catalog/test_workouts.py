from typing import Any
from uuid import uuid4

import pytest

from helpers import Person, pointers, problem
from reptrail.catalog import builtin
from reptrail.ids import uuid7

WORKOUTS = "/api/v1/workouts"
BENCH, SQUAT = (str(builtin.builtin_id("exercise", slug)) for slug in ("bench-press-barbell", "squat-barbell"))
FULL = {
    "exercise_id": BENCH,
    "group_number": 1,
    "sets": 3,
    "reps_min": 5,
    "reps_max": 8,
    "weight": 102.5,
    "weight_unit": "lb",
    "rpe": 8.5,
    "rest_seconds": 180,
    "duration_seconds": 30,
    "distance_m": 0.5,
    "instruction_notes": "pause",
}


def workout(**fields: Any) -> dict[str, Any]:
    return {"workout_name": "Push", "description": "heavy", "instructions": [FULL, {"exercise_id": SQUAT}], **fields}


async def made(person: Person, **fields: Any) -> dict[str, Any]:
    response = await person.post(WORKOUTS, workout(**fields))
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def private_exercise(person: Person) -> str:
    body = {"exercise_name": f"X {uuid4().hex}", "equipment": "OTHER", "mechanic": "COMPOUND", "tracks": "REPS"}
    response = await person.post("/api/v1/exercises", body)
    made_id: str = response.json()["id"]
    return made_id


async def listed(person: Person, **params: Any) -> list[dict[str, Any]]:
    response = await person.get(WORKOUTS, params={"limit": 200, **params})
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


async def test_a_workout_reads_back_as_it_was_written(athlete: Person) -> None:
    answer = await made(athlete)
    assert (answer["workout_name"], answer["description"], answer["is_public"]) == ("Push", "heavy", False)
    assert (answer["user_id"], answer["slug"], answer["revision"], answer["latest_revision"]) == (athlete.user_id, None, 1, 1)
    first, second = answer["instructions"]
    assert FULL.items() <= first.items()
    assert (first["position"], first["exercise_name"], first["tracks"]) == (1, "Bench Press (Barbell)", "REPS_WEIGHT")
    assert (second["position"], second["exercise_name"]) == (2, "Squat (Barbell)")
    assert {second[name] for name in FULL if name != "exercise_id"} == {None}
    response = await athlete.get(f"{WORKOUTS}/{answer['id']}")
    assert (response.json(), response.headers["etag"]) == (answer, '"1"')


async def test_the_built_in_workouts_are_listed_with_ones_own_by_name(athlete: Person, stranger: Person) -> None:
    own = await made(athlete, workout_name="Mmm")
    theirs = await made(stranger, is_public=True)
    found = await listed(athlete)
    expected = sorted([each.name for each in builtin.workouts()] + ["Mmm"])
    assert [each["workout_name"] for each in found] == expected
    assert theirs["id"] not in {each["id"] for each in found}
    assert own in found
    assert await listed(athlete, mine="true") == await listed(athlete, mine="true", q="mmm") == [own]
    source = builtin.workouts()[0]
    (stored,) = [each for each in found if each["slug"] == source.slug]
    assert (stored["user_id"], stored["is_public"], len(stored["instructions"])) == (None, True, len(source.instructions))
    assert (await athlete.get(f"{WORKOUTS}/{source.id}")).json() == stored
    misspelt = source.name[:1] + source.name[2:]
    assert source.slug in [each["slug"] for each in await listed(athlete, q=misspelt)]


async def test_pages_hold_each_workout_once(athlete: Person) -> None:
    for _ in range(3):
        await made(athlete, workout_name="Twin")
    for extra in ({}, {"q": "twin"}):
        found: list[str] = []
        params: dict[str, Any] = {"limit": 2, **extra}
        while True:
            page = (await athlete.get(WORKOUTS, params=params)).json()
            found += [each["id"] for each in page["items"]]
            if page["next_cursor"] is None:
                break
            params["cursor"] = page["next_cursor"]
        assert found == [each["id"] for each in await listed(athlete, **extra)]
        assert len(found) == len(set(found)) >= 3


async def test_sessions_own_workouts_are_nowhere(athlete: Person) -> None:
    session = (await athlete.post("sessions", {"session_status": "IN_PROGRESS", "workout_name": "Own"})).json()
    assert await listed(athlete, mine="true") == await listed(athlete, mine="true", q="own") == []
    path = f"{WORKOUTS}/{session['own_workout_id']}"
    body = workout()
    for refused in (await athlete.get(path), await athlete.put(path, body), await athlete.delete(path)):
        problem(refused, 404, "not-found")


async def test_a_new_revision_leaves_the_old_one_and_what_pinned_it(athlete: Person) -> None:
    first = await made(athlete)
    path = f"{WORKOUTS}/{first['id']}"
    planned = (await athlete.post("sessions", {"workout_id": first["id"], "scheduled_at": "2030-01-01T10:00:00Z"})).json()
    body = workout(workout_name=" Push hard ", description=None, instructions=[{"exercise_id": SQUAT, "sets": 5}])
    response = await athlete.put(path, body, headers={"if-match": '"1"'})
    second = response.json()
    assert (second["workout_name"], second["description"], second["revision"]) == ("Push hard", None, 2)
    assert [(each["exercise_id"], each["sets"]) for each in second["instructions"]] == [(SQUAT, 5)]
    assert (second["version"], response.headers["etag"]) == (2, '"2"')
    old = (await athlete.get(path, params={"revision": 1})).json()
    assert (old["revision"], old["latest_revision"], old["workout_name"]) == (1, 2, "Push")
    assert old["instructions"] == first["instructions"]
    assert (await athlete.get(path, params={"revision": 2})).json() == (await athlete.get(path)).json() == second
    again = (await athlete.get(f"sessions/{planned['id']}")).json()
    assert again == planned
    assert [each["exercise_id"] for each in again["prescriptions"]] == [BENCH, SQUAT]
    stale = await athlete.put(path, body, headers={"if-match": '"1"'})
    assert problem(stale, 412, "precondition-failed")["current"] == second
    problem(await athlete.get(path, params={"revision": 3}), 404, "not-found")
    for wrong in ("0", "x", "1000001"):
        refused = await athlete.get(path, params={"revision": wrong})
        assert pointers(problem(refused, 422, "invalid")) == {"query/revision"}


async def test_the_same_again_answers_what_is_stored(athlete: Person) -> None:
    body = workout(id=str(uuid7()))
    first = await made(athlete, **body)
    assert await made(athlete, **body) == first
    for change in ({"workout_name": "Pull"}, {"description": None}, {"is_public": True}, {"instructions": [FULL]}):
        document = problem(await athlete.post(WORKOUTS, {**body, **change}), 409, "id-taken")
        assert pointers(document) == {"/id"}
    await athlete.put(f"{WORKOUTS}/{first['id']}", workout(workout_name="Later"))
    assert (await made(athlete, **body))["workout_name"] == "Later"


async def test_all_wrong_fields_are_named_at_once(athlete: Person) -> None:
    wrong = {
        "exercise_id": "x",
        "group_number": 0,
        "sets": 101,
        "reps_min": -1,
        "reps_max": 1001,
        "weight": 2001,
        "weight_unit": "st",
        "rpe": 8.3,
        "rest_seconds": 3601,
        "duration_seconds": 0,
        "distance_m": 0,
        "instruction_notes": "x" * 1001,
        "colour": "red",
    }
    body = workout(workout_name=" ", description="x" * 2001, is_public="no", instructions=[FULL, wrong])
    document = problem(await athlete.post(WORKOUTS, body), 422, "invalid")
    expected = {f"/instructions/1/{name}" for name in wrong} | {"/workout_name", "/description", "/is_public"}
    assert pointers(document) == expected
    body = workout(instructions=[{**FULL, "reps_max": 4}, {**FULL, "weight_unit": None}, {**FULL, "weight": None}])
    assert pointers(problem(await athlete.post(WORKOUTS, body), 422, "invalid")) == {
        "/instructions/0/reps_max",
        "/instructions/1/weight_unit",
        "/instructions/2/weight_unit",
    }
    assert await listed(athlete, mine="true") == []


@pytest.mark.parametrize("count", [0, 101])
async def test_a_workout_has_1_to_100_instructions(athlete: Person, count: int) -> None:
    document = problem(await athlete.post(WORKOUTS, workout(instructions=[FULL] * count)), 422, "invalid")
    assert pointers(document) == {"/instructions"}
    assert len((await made(athlete, instructions=[FULL] * 100))["instructions"]) == 100


async def test_exercises_must_be_there_and_built_in_where_it_is_public(athlete: Person, stranger: Person) -> None:
    own, theirs, none = await private_exercise(athlete), await private_exercise(stranger), str(uuid4())
    instructions = [{"exercise_id": each} for each in (BENCH, theirs, own, none)]
    document = problem(await athlete.post(WORKOUTS, workout(instructions=instructions)), 422, "invalid")
    assert pointers(document) == {"/instructions/1/exercise_id", "/instructions/3/exercise_id"}
    public = problem(await athlete.post(WORKOUTS, workout(instructions=instructions, is_public=True)), 422, "invalid")
    assert pointers(public) == {f"/instructions/{place}/exercise_id" for place in (1, 2, 3)}
    mine = await made(athlete, instructions=[{"exercise_id": own}])
    path = f"{WORKOUTS}/{mine['id']}"
    refused = await athlete.put(path, workout(instructions=[{"exercise_id": own}], is_public=True))
    assert pointers(problem(refused, 422, "invalid")) == {"/instructions/0/exercise_id"}
    assert (await athlete.get(path)).json() == mine


async def test_anothers_private_workout_is_invisible_and_a_public_one_readable(athlete: Person, stranger: Person) -> None:
    private, public = await made(athlete), await made(athlete, is_public=True)
    body = workout()
    path = f"{WORKOUTS}/{private['id']}"
    for refused in (await stranger.get(path), await stranger.put(path, body), await stranger.delete(path)):
        problem(refused, 404, "not-found")
    path = f"{WORKOUTS}/{public['id']}"
    assert (await stranger.get(path)).json() == public
    problem(await stranger.put(path, body), 403, "forbidden")
    problem(await stranger.delete(path), 403, "forbidden")
    # Made private, it stays what it was for those whose sessions pinned it, and is nobody else's to read.
    plan = {"workout_id": public["id"], "scheduled_at": "2030-01-01T10:00:00Z"}
    planned = (await stranger.post("sessions", plan)).json()
    assert (await athlete.put(path, body)).status_code == 200
    problem(await stranger.get(path), 404, "not-found")
    assert (await stranger.get(f"sessions/{planned['id']}")).json() == planned


async def test_built_in_workouts_cannot_be_edited(athlete: Person) -> None:
    path = f"{WORKOUTS}/{builtin.workouts()[0].id}"
    problem(await athlete.put(path, workout()), 403, "forbidden")
    problem(await athlete.delete(path), 403, "forbidden")
    problem(await athlete.post(WORKOUTS, workout(id=str(builtin.workouts()[0].id))), 409, "id-taken")


async def test_an_archived_workout_stays_in_what_pinned_it(athlete: Person) -> None:
    own = await made(athlete)
    path = f"{WORKOUTS}/{own['id']}"
    planned = (await athlete.post("sessions", {"workout_id": own["id"], "scheduled_at": "2030-01-01T10:00:00Z"})).json()
    problem(await athlete.delete(path, headers={"if-match": '"9"'}), 412, "precondition-failed")
    assert (await athlete.delete(path, headers={"if-match": '"1"'})).status_code == 204
    assert await listed(athlete, mine="true") == []
    problem(await athlete.get(path), 404, "not-found")
    problem(await athlete.put(path, workout()), 404, "not-found")
    assert pointers(problem(await athlete.post(WORKOUTS, workout(id=own["id"])), 409, "id-taken")) == {"/id"}
    assert (await athlete.get(f"sessions/{planned['id']}")).json() == planned
