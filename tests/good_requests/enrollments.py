"""Good requests: enrollments."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from good_requests.base import BENCH_PRESS, V1, Sent, answered, good
from helpers import Person
from reptrail.enrollments.actions import expire_due
from reptrail.ids import uuid7


def program_wanted(sets: int = 3) -> dict[str, Any]:
    """A program of three days, the second of them a rest day."""
    instruction = {"exercise_id": BENCH_PRESS, "sets": sets, "reps_min": 5, "reps_max": 8}
    return {
        "program_name": "Press",
        "is_public": False,
        "workouts": [{"workout_key": "A", "workout_name": "Press day", "instructions": [instruction]}],
        "days": [{"workouts": ["A"]}, {"workouts": []}, {"workouts": ["A"]}],
    }


async def program(owner: Person) -> str:
    found: str = (await answered(owner, "POST", f"{V1}/programs", program_wanted()))["id"]
    return found


async def enrolled(owner: Person, *verbs: str) -> str:
    """An enrollment, moved by verbs."""
    made = await answered(owner, "POST", "enrollments", {"program_id": await program(owner)})
    for verb in verbs:
        await answered(owner, "POST", f"enrollments/{made['id']}/{verb}")
    found: str = made["id"]
    return found


@good("GET /athletes/{athlete}/enrollments")
async def enrollments(owner: Person) -> Sent:
    await enrolled(owner)
    return Sent(query={"status": "ACTIVE", "limit": "1"})


@good("POST /athletes/{athlete}/enrollments")
async def enrollment_wanted(owner: Person) -> Sent:
    return Sent(json={"program_id": await program(owner), "training_weekdays": [1, 4], "training_time": "07:30"})


@good(
    "GET /athletes/{athlete}/enrollments/{enrollment_id}",
    "GET /athletes/{athlete}/enrollments/{enrollment_id}/upgrade",
    "POST /athletes/{athlete}/enrollments/{enrollment_id}/pause",
    "POST /athletes/{athlete}/enrollments/{enrollment_id}/cancel",
    "POST /athletes/{athlete}/enrollments/{enrollment_id}/complete",
)
async def enrollment(owner: Person) -> Sent:
    return Sent({"enrollment_id": await enrolled(owner)})


@good("PATCH /athletes/{athlete}/enrollments/{enrollment_id}")
async def enrollment_to_edit(owner: Person) -> Sent:
    return Sent({"enrollment_id": await enrolled(owner)}, {"training_weekdays": [2, 5], "enrollment_notes": "before work"})


@good("POST /athletes/{athlete}/enrollments/{enrollment_id}/resume")
async def enrollment_to_resume(owner: Person) -> Sent:
    return Sent({"enrollment_id": await enrolled(owner, "pause")})


@good("POST /athletes/{athlete}/enrollments/{enrollment_id}/restart")
async def enrollment_to_restart(owner: Person) -> Sent:
    return Sent({"enrollment_id": await enrolled(owner, "complete")}, {"training_weekdays": None})


@good("POST /athletes/{athlete}/enrollments/{enrollment_id}/extend")
async def enrollment_to_extend(owner: Person) -> Sent:
    enrollment_id = await enrolled(owner)
    await expire(owner)
    return Sent({"enrollment_id": enrollment_id}, {"target_completion_date": "2099-12-31"})


async def expire(owner: Person) -> None:
    """Makes the athlete's enrollments expire, which no request can: as the server's own job does, with less than no grace."""
    services = owner.http._transport.app.state.services  # type: ignore[attr-defined]
    async with services.database.act_as_system(UUID(owner.user_id), uuid7()) as tx:
        assert await expire_due(tx, -100_000)


@good("POST /athletes/{athlete}/enrollments/{enrollment_id}/upgrade")
async def upgrade_to_accept(owner: Person) -> Sent:
    enrollment_id = await enrolled(owner)
    found = await answered(owner, "GET", f"enrollments/{enrollment_id}")
    program_id = found["program_id"]
    await answered(owner, "PUT", f"{V1}/programs/{program_id}", program_wanted(sets=5))
    return Sent({"enrollment_id": enrollment_id}, {"program_revision": 2})


@good("POST /athletes/{athlete}/sessions/{session_id}/reschedule")
async def session_to_move(owner: Person) -> Sent:
    found = await answered(owner, "GET", f"enrollments/{await enrolled(owner)}")
    tomorrow = date.fromisoformat(found["start_date"]) + timedelta(days=1)
    return Sent({"session_id": found["next_session"]["id"]}, {"to_date": tomorrow.isoformat(), "and_following": True})
