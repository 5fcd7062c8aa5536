"""What an athlete calls a session: theirs to say, and nothing of its workout's."""

from typing import Any

from helpers import Person, pointers, problem


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json()


async def test_a_session_has_a_name_of_its_own(athlete: Person) -> None:
    made = ok(await athlete.post("sessions", {"session_status": "IN_PROGRESS"}), 201)
    assert (made["session_name"], made["workout_name"]) == (None, "Workout")
    path = f"sessions/{made['id']}"
    assert ok(await athlete.patch(path, {"session_name": "Strandlauf mit Anna"}))["session_name"] == "Strandlauf mit Anna"
    ok(await athlete.post(f"{path}/complete", {"actual_duration_seconds": 60}))
    assert ok(await athlete.get("sessions"))["items"][0]["session_name"] == "Strandlauf mit Anna"
    for wrong in ("", "x" * 121):
        assert pointers(problem(await athlete.patch(path, {"session_name": wrong}), 422, "invalid")) == {"/session_name"}
    assert ok(await athlete.patch(path, {"session_name": None}))["session_name"] is None
    history = ok(await athlete.get(f"history/user_workout_session/{made['id']}"))["items"]
    named = next(change for change in history if (change["after"] or {}).get("session_name"))
    ok(await athlete.post("restore", {"table": "user_workout_session", "id": made["id"], "seq": named["seq"]}))
    assert ok(await athlete.get(path))["session_name"] == "Strandlauf mit Anna"


async def test_a_workout_of_the_catalogue_keeps_its_name(athlete: Person) -> None:
    workout = ok(await athlete.get("/api/v1/workouts"))["items"][0]
    made = ok(await athlete.post("sessions", {"workout_id": workout["id"], "session_name": "Before breakfast"}), 201)
    assert (made["session_name"], made["workout_name"]) == ("Before breakfast", workout["workout_name"])
    assert ok(await athlete.get(f"/api/v1/workouts/{workout['id']}"))["workout_name"] == workout["workout_name"]
