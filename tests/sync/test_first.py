"""What a new device gets before the rest: enough to show today's screen and go on with a workout, and no more."""

from typing import Any

import pytest
from phone import Grant, Phone

from good_requests.base import BENCH_PRESS
from helpers import Person

DONE = 30
SHOWN_DONE = 8


async def done(person: Person, day: int) -> str:
    made = {"exercise_id": BENCH_PRESS, "sets": [{"reps": 5, "weight": 80, "weight_unit": "kg"}]}
    at = f"2026-03-{day:02}T17:00:00Z"
    body = {"session_status": "COMPLETED", "started_at": at, "actual_duration_seconds": 3600, "performances": [made]}
    response = await person.post("sessions", body)
    assert response.status_code == 201, response.text
    session: str = response.json()["id"]
    return session


async def first(person: Person, athlete: str = "me") -> dict[str, dict[str, Any]]:
    response = await person.get(f"/api/v1/athletes/{athlete}/sync/first")
    assert response.status_code == 200, response.text
    found: dict[str, dict[str, Any]] = {}
    for each in response.json()["rows"]:
        assert each["id"] not in found.setdefault(each["table"], {}), "a row comes once"
        found[each["table"]][each["id"]] = each["row"]
    return found


async def test_it_brings_the_last_workouts_whole_and_those_under_way(athlete: Person) -> None:
    sessions = [await done(athlete, day) for day in range(1, DONE + 1)]
    started = await athlete.post("sessions", {"session_status": "IN_PROGRESS", "started_at": "2026-04-02T17:00:00Z"})
    under_way = started.json()["id"]
    logged = {"exercise_id": BENCH_PRESS, "reps": 3, "weight": 100, "weight_unit": "kg"}
    assert (await athlete.post(f"sessions/{under_way}/sets", logged)).status_code == 201
    found = await first(athlete)
    assert set(found["user_workout_session"]) == {*sessions[-SHOWN_DONE:], under_way}
    assert len(found["user_set_performance"]) == SHOWN_DONE + 1
    performances = {each["user_workout_session_id"] for each in found["user_exercise_performance"].values()}
    assert performances == {*sessions[-SHOWN_DONE:], under_way}
    assert list(found["exercise"]) == [BENCH_PRESS]


async def test_what_it_brings_is_what_the_pull_brings_again(athlete: Person) -> None:
    for day in (1, 2):
        await done(athlete, day)
    for value, on in ((82, "2026-03-02"), (81, "2026-03-01")):
        weight = {"metric": "body-weight", "measured_value": value, "unit": "kg", "measurement_date": on}
        assert (await athlete.post("measurements", weight)).status_code == 201
    found = await first(athlete)
    assert [each["measured_value"] for each in found["user_measurement"].values()] == [82]
    phone = Phone(athlete)
    await phone.pull()
    own = {(table, key): row for table, rows in found.items() for key, row in rows.items() if row["user_id"] == athlete.user_id}
    assert own
    assert {key: phone.store[key] for key in own} == own


async def test_a_deleted_workout_does_not_come(athlete: Person) -> None:
    gone, here = await done(athlete, 1), await done(athlete, 2)
    assert (await athlete.delete(f"sessions/{gone}")).is_success
    assert set((await first(athlete))["user_workout_session"]) == {here}


async def test_of_somebody_new_there_is_nothing(athlete: Person) -> None:
    assert await first(athlete) == {}


@pytest.mark.parametrize(
    ("scope", "table", "other"),
    [
        ("training:read", "user_workout_session", "user_measurement"),
        ("measurements:read", "user_measurement", "user_workout_session"),
    ],
)
async def test_a_coach_gets_what_they_may_see(athlete: Person, grant: Grant, scope: str, table: str, other: str) -> None:
    await done(athlete, 1)
    await athlete.post("measurements", {"metric": "body-weight", "measured_value": 81, "unit": "kg"})
    found = await first(await grant(scope), athlete.user_id)
    assert table in found
    assert other not in found
