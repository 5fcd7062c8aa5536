"""Workouts on a device: all that there are to begin, one's own and built in, whole, so that they are begun without signal."""

from typing import Any

from phone import Phone

from good_requests.base import BENCH_PRESS
from helpers import Person, problem

Rows = dict[tuple[str, str], dict[str, Any]]


async def _catalog(athlete: Person) -> Rows:
    return {(r["table"], r["id"]): r["row"] for r in (await athlete.get("sync/catalog")).json()["rows"]}


def _asked(rows: Rows, workout: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a workout asks in its latest revision, by the rows of a device."""
    found = [
        row
        for (table, _), row in rows.items()
        if table == "exercise_instruction" and (row["workout_id"], row["revision"]) == (workout["id"], workout["revision"])
    ]
    return [(row["exercise_id"], row["sets"], row["reps_min"]) for row in sorted(found, key=lambda row: row["position"])]


def _told(workout: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(each["exercise_id"], each["sets"], each["reps_min"]) for each in workout["instructions"]]


async def _made(athlete: Person, **fields: Any) -> dict[str, Any]:
    body = {"workout_name": "Mine", "instructions": [{"exercise_id": BENCH_PRESS, "sets": 3, "reps_min": 5, "reps_max": 5}]}
    answer = await athlete.post("/api/v1/workouts", body | fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_every_built_in_workout_comes_whole(athlete: Person) -> None:
    listed = (await athlete.get("/api/v1/workouts?limit=200")).json()["items"]
    rows = await _catalog(athlete)
    there = [row for (table, _), row in rows.items() if table == "workout"]
    assert {row["id"] for row in there} == {each["id"] for each in listed}
    assert len(there) >= 5
    for each in listed:
        assert _asked(rows, each) == _told(each)
        assert {("exercise", part["exercise_id"]) for part in each["instructions"]} <= rows.keys()
        (revision,) = [row for (table, _), row in rows.items() if table == "workout_revision" and row["workout_id"] == each["id"]]
        assert revision["workout_name"] == each["workout_name"]


async def test_ones_own_come_with_a_pull_and_so_does_what_another_device_makes_of_them(athlete: Person) -> None:
    mine = await _made(athlete)
    phone = Phone(athlete)
    await phone.pull()
    assert phone.store["workout", mine["id"]]["revision"] == 1
    assert _asked(phone.store, mine) == [(BENCH_PRESS, 3, 5)]
    body = {"workout_name": "Mine", "instructions": [{"exercise_id": BENCH_PRESS, "sets": 4, "reps_min": 8, "reps_max": 8}]}
    answer = await athlete.put(f"/api/v1/workouts/{mine['id']}", body)
    assert answer.status_code == 200, answer.text
    await phone.pull()
    now = phone.store["workout", mine["id"]]
    assert (now["revision"], now["kind"], now["version"]) == (2, "CATALOG", answer.json()["version"])
    assert _asked(phone.store, now) == [(BENCH_PRESS, 4, 8)]
    # Archived it is gone, but not what was done by it; restored it is there again.
    assert (await athlete.delete(f"/api/v1/workouts/{mine['id']}")).status_code == 204
    await phone.pull()
    assert ("workout", mine["id"]) not in phone.store
    assert _asked(phone.store, now) == [(BENCH_PRESS, 4, 8)]
    assert (await athlete.post("restore", {"table": "workout", "id": mine["id"]})).is_success
    await phone.pull()
    assert ("workout", mine["id"]) in phone.store


async def test_an_exercise_that_only_a_workout_asks_is_known_to_the_device(athlete: Person) -> None:
    body = {"exercise_name": "Wobbly Press", "equipment": "BAND", "mechanic": "COMPOUND", "tracks": "REPS_WEIGHT"}
    exercise = (await athlete.post("/api/v1/exercises", body)).json()
    mine = await _made(athlete, instructions=[{"exercise_id": exercise["id"], "sets": 2}])
    phone = Phone(athlete)
    await phone.pull()
    wanted = {("exercise", part["exercise_id"]) for part in mine["instructions"]}
    assert wanted <= (await _catalog(athlete)).keys() | phone.store.keys()


async def test_begun_without_signal_while_another_device_archived_it_nothing_is_lost(athlete: Person) -> None:
    mine = await _made(athlete)
    phone = Phone(athlete)
    await phone.pull()
    assert (await athlete.delete(f"/api/v1/workouts/{mine['id']}")).status_code == 204
    begun = {"session_status": "IN_PROGRESS", "started_at": "2026-03-02T17:00:00Z"}
    fields = {"workout_id": mine["id"], "workout_revision": 1, **begun}
    operation = phone.do("user_workout_session", "insert", fields=fields)
    of = {"user_workout_session_id": operation["row_id"], "exercise_instruction_id": mine["instructions"][0]["id"]}
    phone.do("user_set_performance", "insert", fields={**of, "reps": 5})
    assert [each["status"] for each in await phone.push()] == ["APPLIED", "APPLIED"]
    (asked,) = (await athlete.get(f"sessions/{operation['row_id']}")).json()["prescriptions"]
    assert asked["sets"] == 3
    assert asked["prescription"]["sets"][0]["reps_min"] == 5
    # Nobody plans it anew.
    problem(await athlete.post("sessions", {"workout_id": mine["id"]}), 422, "invalid")


async def test_a_strangers_archived_workout_is_not_begun(athlete: Person, stranger: Person) -> None:
    mine = await _made(athlete, is_public=True)
    assert (await athlete.delete(f"/api/v1/workouts/{mine['id']}")).status_code == 204
    problem(await stranger.post("sessions", {"workout_id": mine["id"], "workout_revision": 1}), 422, "invalid")
