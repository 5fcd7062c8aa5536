"""Good requests: training."""

from typing import Any

from good_requests.base import BENCH_PRESS, Sent, answered, good
from helpers import Person
from reptrail.ids import uuid7


async def planned(owner: Person) -> str:
    """A planned session; whatever was in progress is cancelled, since one excludes another."""
    for session in (await answered(owner, "GET", "sessions", params={"status": "IN_PROGRESS"}))["items"]:
        await answered(owner, "POST", f"sessions/{session['id']}/cancel")
    made = await answered(owner, "POST", "sessions", {"workout_name": "Push", "scheduled_at": "2026-03-02T17:00:00Z"})
    found: str = made["id"]
    return found


async def done(owner: Person) -> dict[str, Any]:
    """A session done, with one performance of two sets."""
    sets = [{"reps": 5, "weight": 80, "weight_unit": "kg"}, {"reps": 5, "weight": 82.5, "weight_unit": "kg", "rpe": 8.5}]
    found: dict[str, Any] = await answered(
        owner,
        "POST",
        "sessions",
        {
            "session_status": "COMPLETED",
            "started_at": "2026-03-01T17:00:00Z",
            "completed_at": "2026-03-01T18:00:00Z",
            "performances": [{"exercise_id": BENCH_PRESS, "sets": sets}],
        },
    )
    return found


@good("GET /athletes/{athlete}/sessions")
async def sessions(owner: Person) -> Sent:
    await done(owner)
    return Sent(query={"limit": "1", "status": "COMPLETED"})


@good("POST /athletes/{athlete}/sessions")
async def session_wanted(_owner: Person) -> Sent:
    return Sent(json={"workout_name": "Pull", "scheduled_at": "2026-03-02T17:00:00Z", "session_notes": "easy"})


@good(
    "GET /athletes/{athlete}/sessions/{session_id}",
    "DELETE /athletes/{athlete}/sessions/{session_id}",
    "POST /athletes/{athlete}/sessions/{session_id}/skip",
    "POST /athletes/{athlete}/sessions/{session_id}/cancel",
)
async def planned_session(owner: Person) -> Sent:
    return Sent({"session_id": await planned(owner)})


@good("PATCH /athletes/{athlete}/sessions/{session_id}")
async def session_to_edit(owner: Person) -> Sent:
    return Sent({"session_id": (await done(owner))["id"]}, {"session_notes": "heavy", "effort_rating": 8})


@good("POST /athletes/{athlete}/sessions/{session_id}/start")
async def session_to_start(owner: Person) -> Sent:
    return Sent({"session_id": await planned(owner)}, {"started_at": "2026-03-02T17:05:00Z"})


@good("POST /athletes/{athlete}/sessions/{session_id}/complete")
async def session_to_complete(owner: Person) -> Sent:
    session_id = await planned(owner)
    await answered(owner, "POST", f"sessions/{session_id}/start", {"started_at": "2026-03-02T17:05:00Z"})
    return Sent({"session_id": session_id}, {"completed_at": "2026-03-02T18:00:00Z", "effort_rating": 7})


@good("POST /athletes/{athlete}/sessions/{session_id}/reopen")
async def session_to_reopen(owner: Person) -> Sent:
    session_id = await planned(owner)
    await answered(owner, "POST", f"sessions/{session_id}/skip")
    return Sent({"session_id": session_id})


@good("POST /athletes/{athlete}/sessions/{session_id}/exercises")
async def exercise_to_add(owner: Person) -> Sent:
    return Sent({"session_id": await planned(owner)}, {"exercise_id": BENCH_PRESS, "sets": 3, "reps_min": 5, "reps_max": 8})


@good("PUT /athletes/{athlete}/sessions/{session_id}/performances/{exercise_instruction_id}")
async def performance_to_write(owner: Person) -> Sent:
    session = await done(owner)
    instruction = session["performances"][0]["exercise_instruction_id"]
    sets = [{"reps": 6, "weight": 80, "weight_unit": "kg", "rpe": 9, "distance_m": 1.5}]
    return Sent({"session_id": session["id"], "exercise_instruction_id": instruction}, {"sets": sets, "difficulty_rating": 7})


@good("PATCH /athletes/{athlete}/sessions/{session_id}/performances/{exercise_instruction_id}")
async def performance_to_edit(owner: Person) -> Sent:
    sent = await performance_to_write(owner)
    return Sent(sent.path, {"difficulty_rating": 6, "performance_notes": "slow"})


@good("POST /athletes/{athlete}/sessions/{session_id}/sets")
async def set_to_log(owner: Person) -> Sent:
    entry = {"exercise_id": BENCH_PRESS, "reps": 5, "weight": 80, "weight_unit": "kg", "completed_at": "2026-03-01T17:30:00Z"}
    return Sent({"session_id": (await done(owner))["id"]}, entry)


@good("PATCH /athletes/{athlete}/sessions/{session_id}/sets/{set_id}")
async def set_to_edit(owner: Person) -> Sent:
    session = await done(owner)
    return Sent({"session_id": session["id"], "set_id": session["performances"][0]["sets"][0]["id"]}, {"reps": 6, "rpe": 9})


@good("DELETE /athletes/{athlete}/sessions/{session_id}/exercises/{instruction_id}")
async def exercise_to_remove(owner: Person) -> Sent:
    session_id, instruction_id = await planned(owner), str(uuid7())
    await answered(owner, "POST", f"sessions/{session_id}/exercises", {"id": instruction_id, "exercise_id": BENCH_PRESS})
    return Sent({"session_id": session_id, "instruction_id": instruction_id})


@good("DELETE /athletes/{athlete}/sessions/{session_id}/sets/{set_id}")
async def set_to_delete(owner: Person) -> Sent:
    return Sent((await set_to_edit(owner)).path)
