"""An exercise that was added to a session and is taken out again."""

from typing import Any

from good_requests.base import BENCH_PRESS
from helpers import Person, problem
from reptrail.ids import uuid7

SET = {"exercise_id": BENCH_PRESS, "reps": 5, "weight": 80, "weight_unit": "kg"}


def ok(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


async def added(athlete: Person, session: str) -> str:
    instruction = str(uuid7())
    ok(await athlete.post(f"sessions/{session}/exercises", {"id": instruction, "exercise_id": BENCH_PRESS}), 201)
    return instruction


async def asked(athlete: Person, session: str) -> list[str]:
    return [each["id"] for each in ok(await athlete.get(f"sessions/{session}"))["prescriptions"]]


async def test_it_goes_while_nothing_was_done(athlete: Person) -> None:
    session = ok(await athlete.post("sessions", {"session_status": "IN_PROGRESS"}), 201)["id"]
    first, second = await added(athlete, session), await added(athlete, session)
    assert await asked(athlete, session) == [first, second]
    ok(await athlete.delete(f"sessions/{session}/exercises/{first}"), 204)
    assert await asked(athlete, session) == [second]
    problem(await athlete.delete(f"sessions/{session}/exercises/{first}"), 404, "not-found")
    ok(await athlete.post(f"sessions/{session}/sets", SET), 201)
    (performance,) = ok(await athlete.get(f"sessions/{session}"))["performances"]
    assert performance["exercise_instruction_id"] == second
    problem(await athlete.delete(f"sessions/{session}/exercises/{second}"), 409, "conflict")


async def test_what_the_plan_asks_stays(athlete: Person, stranger: Person) -> None:
    workout = ok(await athlete.get("/api/v1/workouts"))["items"][0]["id"]
    session = ok(await athlete.post("sessions", {"workout_id": workout}), 201)["id"]
    (planned, *_) = await asked(athlete, session)
    problem(await athlete.delete(f"sessions/{session}/exercises/{planned}"), 409, "conflict")
    mine = await added(athlete, session)
    theirs = ok(await stranger.post("sessions", {}), 201)["id"]
    problem(await stranger.delete(f"sessions/{theirs}/exercises/{mine}"), 404, "not-found")
    ok(await athlete.delete(f"sessions/{session}/exercises/{mine}"), 204)
    assert mine not in await asked(athlete, session)
