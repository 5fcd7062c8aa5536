"""What the tests of the calendar share: sessions at moments, and an enrollment by bare SQL."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx

from helpers import Person, add_program
from reptrail.catalog import builtin
from reptrail.http.edge import Services
from reptrail.ids import uuid7

PUSH = str(builtin.builtin_id("workout", "push"))
FEEDS = "/api/v1/me/calendar-feeds"


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def local(text: str, zone: str) -> datetime:
    """A wall-clock time somewhere, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


async def plan(person: Person, at: datetime | None, **fields: Any) -> Any:
    scheduled = None if at is None else at.isoformat()
    return ok(await person.post("sessions", {"workout_id": PUSH, "scheduled_at": scheduled, **fields}), 201)


async def record(person: Person, at: datetime, minutes: int = 60, **fields: Any) -> Any:
    """A session done: begun at a moment, over some minutes later."""
    times = {"started_at": at.isoformat(), "completed_at": (at + timedelta(minutes=minutes)).isoformat()}
    return ok(await person.post("sessions", {"session_status": "COMPLETED", "workout_id": PUSH, **times, **fields}), 201)


async def calendar(person: Person, **days: str) -> Any:
    names = {"first": "from", "last": "to"}
    return ok(await person.get("calendar", params={names[name]: value for name, value in days.items()}))


def placed(found: dict[str, Any]) -> dict[str, list[str]]:
    """The ids of the sessions of each day."""
    return {day["day"]: [session["id"] for session in day["sessions"]] for day in found["days"]}


async def enroll(services: Services, person: Person, *, paused_on: date | None = None) -> UUID:
    """An enrollment in a program of the athlete's own, paused or not."""
    user_id, enrollment = UUID(person.user_id), uuid4()
    async with services.database.act_as_system(user_id, uuid7()) as tx:
        program = await add_program(tx, user_id, "Autumn block")
        await tx.execute(
            """INSERT INTO user_program_enrollment (id, user_id, program_id, enrollment_status, paused_on)
               VALUES ($2, $1, $3, $4, $5)""",
            user_id,
            enrollment,
            program,
            "ACTIVE" if paused_on is None else "PAUSED",
            paused_on,
        )
    return enrollment


async def put_into(services: Services, person: Person, enrollment: UUID, session: dict[str, Any], day: int = 1) -> None:
    """Makes a session one of an enrollment's."""
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        await tx.execute(
            """UPDATE user_workout_session SET program_enrollment_id = $3, program_cycle = 1, program_day = $4, program_position = 1
               WHERE user_id = $1 AND id = $2""",
            UUID(person.user_id),
            UUID(session["id"]),
            enrollment,
            day,
        )
