"""A retry of a session is answered, not refused; what was cancelled takes no more and is no best."""

from typing import Any

import pytest

from helpers import Person, problem
from reptrail.catalog.builtin import exercises
from reptrail.ids import uuid7

SQUAT = str(exercises()[0].id)


@pytest.mark.parametrize(
    "body",
    [
        {"session_status": "IN_PROGRESS"},
        {"session_status": "PLANNED", "scheduled_at": "2030-01-01T10:00:00Z"},
        {"session_status": "COMPLETED", "started_at": "2026-01-01T10:00:00Z", "completed_at": "2026-01-01T11:00:00Z",
         "performances": [{"exercise_id": SQUAT, "sets": [{"reps": 5}]}]},
    ],
)  # fmt: skip
async def test_the_same_session_again_is_answered_and_stored_once(athlete: Person, body: dict[str, Any]) -> None:
    body = {"id": str(uuid7()), **body}
    first = await athlete.post("sessions", body)
    again = await athlete.post("sessions", body)
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert again.json() == first.json()
    assert len((await athlete.get("sessions")).json()["items"]) == 1


async def test_the_same_id_with_other_contents_is_refused_with_what_is_there(athlete: Person) -> None:
    body = {"id": str(uuid7()), "session_status": "PLANNED", "scheduled_at": "2030-01-01T10:00:00Z"}
    await athlete.post("sessions", body)
    refused = problem(await athlete.post("sessions", {**body, "scheduled_at": "2031-01-01T10:00:00Z"}), 409, "id-taken")
    assert refused["current"]["scheduled_at"].startswith("2030")
    await athlete.delete(f"sessions/{body['id']}")
    problem(await athlete.post("sessions", body), 409, "id-taken")


async def started(person: Person) -> str:
    response = await person.post("sessions", {"session_status": "IN_PROGRESS"})
    session_id: str = response.json()["id"]
    return session_id


async def log(person: Person, session_id: str, weight: float) -> list[str]:
    body = {"exercise_id": SQUAT, "reps": 5, "weight": weight, "weight_unit": "kg"}
    response = await person.post(f"sessions/{session_id}/sets", body)
    return [record["kind"] for record in response.json()["records"]]


async def test_a_typing_error_that_was_cancelled_is_no_best(athlete: Person) -> None:
    first = await started(athlete)
    await log(athlete, first, 100)
    await athlete.post(f"sessions/{first}/complete")
    typo = await started(athlete)
    assert "HEAVIEST_WEIGHT" in await log(athlete, typo, 500)
    await athlete.post(f"sessions/{typo}/cancel")
    third = await started(athlete)
    assert "HEAVIEST_WEIGHT" in await log(athlete, third, 110)


@pytest.mark.parametrize("verb", ["cancel", "skip"])
async def test_an_exercise_is_not_added_to_what_is_over(athlete: Person, verb: str) -> None:
    session_id = (await athlete.post("sessions", {"session_status": "PLANNED"})).json()["id"]
    await athlete.post(f"sessions/{session_id}/{verb}")
    problem(await athlete.post(f"sessions/{session_id}/exercises", {"exercise_id": SQUAT}), 409, "verb-not-allowed")


@pytest.mark.parametrize("weight", ["0e1000000", "0E40000000", "0e131072"])
async def test_a_zero_with_a_monstrous_exponent_is_refused(athlete: Person, weight: str) -> None:
    session_id = await started(athlete)
    body = f'{{"exercise_id": "{SQUAT}", "reps": 5, "weight": {weight}, "weight_unit": "kg"}}'
    headers = {"Content-Type": "application/json"}
    response = await athlete.call("POST", f"sessions/{session_id}/sets", content=body, headers=headers)
    problem(response, 422, "invalid")
