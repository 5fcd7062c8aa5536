"""What the tests of enrollments share: programs, and people enrolled in them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from helpers import Person
from reptrail.catalog.builtin import builtin_id
from reptrail.enrollments.actions import expire_due
from reptrail.http.edge import Services
from reptrail.ids import uuid7

V1 = "/api/v1"
MakePerson = Callable[..., Awaitable[Person]]
SQUAT = str(builtin_id("exercise", "squat-barbell"))


@dataclass
class Counting:
    """A client, and the statements that were sent since `clear`, each with the seconds it took."""

    http: httpx.AsyncClient
    timed: list[tuple[str, float]] = field(default_factory=list)

    def clear(self) -> None:
        self.timed.clear()

    def counted(self) -> list[str]:
        """The statements between BEGIN (with act_as, one simple query) and COMMIT, without what the driver asks for itself."""
        statements = [sql for sql, _ in self.timed]
        assert statements[0].startswith("BEGIN; SELECT app.act_as(")
        assert statements[-1] == "COMMIT"
        return [sql for sql in statements[1:-1] if "pg_catalog.pg_type" not in sql]


@dataclass
class Clock:
    """The time that the server takes for the present."""

    now: datetime

    def set(self, day: date | str, zone: str, at: str = "12:00") -> None:
        """Noon of a day in a zone, or another time of it."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        self.now = datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone)).astimezone(UTC)

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


def ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def program_body(days: list[list[str]], name: str = "Program", **fields: Any) -> dict[str, Any]:
    """A program by the names of the workouts of each day; a workout's key is the first character of its name."""
    workouts = {workout[0]: workout for day in days for workout in day}
    instruction = {"exercise_id": SQUAT, "sets": 3, "reps_min": 5, "reps_max": 5}
    return {
        "program_name": name,
        "is_public": False,
        "workouts": [{"workout_key": k, "workout_name": w, "instructions": [instruction]} for k, w in sorted(workouts.items())],
        "days": [{"workouts": [workout[0] for workout in day]} for day in days],
        **fields,
    }


async def make_program(person: Person, days: list[list[str]], **fields: Any) -> str:
    found: str = ok(await person.post(f"{V1}/programs", program_body(days, **fields)), 201)["id"]
    return found


async def publish(person: Person, program_id: str, days: list[list[str]], **fields: Any) -> Any:
    return ok(await person.put(f"{V1}/programs/{program_id}", program_body(days, **fields)))


async def enroll(person: Person, days: list[list[str]], **fields: Any) -> Any:
    """Somebody's enrollment in a new program of these days."""
    body = {"program_id": await make_program(person, days), **fields}
    return ok(await person.post("enrollments", body), 201)


async def read(person: Person, enrollment: dict[str, Any]) -> Any:
    return ok(await person.get(f"enrollments/{enrollment['id']}"))


async def sessions_of(person: Person, enrollment: dict[str, Any]) -> list[dict[str, Any]]:
    """The sessions of an enrollment, in the program's order."""
    page = ok(await person.get("sessions", params={"program_enrollment_id": enrollment["id"], "limit": 200}))
    assert page["next_cursor"] is None
    return sorted(page["items"], key=lambda s: (s["program_cycle"] or 0, s["program_day"] or 0, s["program_position"] or 0))


async def times_of(person: Person, enrollment: dict[str, Any]) -> list[str | None]:
    return [s["scheduled_at"] for s in await sessions_of(person, enrollment)]


async def expire(services: Services, person: Person, grace_days: int = 14) -> int:
    """The server's own job, for one athlete."""
    async with services.database.act_as_system(UUID(person.user_id), uuid7()) as tx:
        return await expire_due(tx, grace_days)


async def train(person: Person, session: dict[str, Any]) -> Any:
    """Does a session, start to end."""
    ok(await person.post(f"sessions/{session['id']}/start"))
    return ok(await person.post(f"sessions/{session['id']}/complete", {"actual_duration_seconds": 600}))
